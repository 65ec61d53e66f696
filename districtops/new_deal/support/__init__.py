"""What the programme does beside its projects: training, awards, ideas, help with contests, residents' opinions."""
