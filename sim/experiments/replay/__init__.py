"""A stretch of a run as it happened, to be played and read."""
