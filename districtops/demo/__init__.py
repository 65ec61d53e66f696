"""The demonstration: the facts of one newspaper article, and sample rows that make its counts and sums come out."""
