"""How fast Ripple is, beside other ways to simulate the same thing. `python -m benchmarks` runs it."""
