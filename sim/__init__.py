"""Ripple's simulator: what a broken customer experience costs, and what mending it is worth."""
