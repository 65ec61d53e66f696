"""Deleting records that were filed by mistake, with a reason, and bringing them back: in every module."""
