"""The page of the business case."""
