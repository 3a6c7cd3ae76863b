"""The page of saved scenarios."""
