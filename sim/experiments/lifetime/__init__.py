"""Customer lifetime value: simulated, and as analytic models have it, side by side."""
