"""Points for divisions and officers who secured contests."""
