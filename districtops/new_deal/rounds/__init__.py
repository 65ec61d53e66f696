"""The round of a month: all reports of a programme are requested, reminded of, and locked when it is over."""
