"""The fact sheet of a project and of a programme: one A4 page, in Korean or English, on paper and as a file."""
