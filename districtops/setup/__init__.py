"""What two commands need before the application can start; run by path, imports nothing of ours."""
