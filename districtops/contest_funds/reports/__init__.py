"""What managers read: the weekly list and the matching money of the coming years."""
