"""The boardroom's page."""
