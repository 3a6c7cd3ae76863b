"""Known answers, and whether Ripple gives them."""
