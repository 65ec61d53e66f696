"""What a schedule is made of, who approved it, and the answers that come out of it."""
