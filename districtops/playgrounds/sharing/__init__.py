"""The schedule for other programs: a calendar to subscribe to, and opening hours in two public formats."""
