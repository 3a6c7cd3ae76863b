"""Everything that can be taken away, and where it is made."""
