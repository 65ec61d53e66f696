"""What changed from last year: which projects are new, go on or ended, and where the money is."""
