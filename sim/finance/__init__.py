"""What it is worth: cash flows appraised, their spread, and what it would be worth to know more."""
