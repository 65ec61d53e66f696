"""What no request gets around: districts, access, the transaction, the record of changes, headers, errors."""
