"""What every module shares and no table is known to: arithmetic, amounts, dates and files."""
