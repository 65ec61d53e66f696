"""Applications: filed, walked from state to state, kept."""
