"""DistrictOps: the district office's programmes, duties and money in one place."""

from districtops.factory import create_app

__all__ = ["create_app"]
