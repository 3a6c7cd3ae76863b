"""The reference in docs/reference, written from the code: `python -m sim.reports.reference` or `make docs`."""
