"""Workshops: a room that guesses, pools what it believes, and tries what to mend."""
