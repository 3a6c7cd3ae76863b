"""The reference in docs/reference, written from the code: `python -m sim.reference` or `make docs`."""
