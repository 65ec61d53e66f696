"""Files on any record that stands for a Program: added, shown, handed out, removed with a reason, checked."""
