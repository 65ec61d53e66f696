"""Filing a program: it gets its code."""

from districtops.kit.db import db
from districtops.models.programs import Program


def file(program: Program, prefix: str) -> None:
    """Store a new program under a code such as ``ND-2022-00149``.

    The number comes from the row's id, so that two officers who file at once never receive the same code.
    """
    program.code = f"{prefix}-{program.fiscal_year}-new"
    db.session.add(program)
    db.session.flush()
    program.code = f"{prefix}-{program.fiscal_year}-{program.id:05d}"
