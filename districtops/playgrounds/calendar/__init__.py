"""Public holidays, and the holiday periods that are made of them."""
