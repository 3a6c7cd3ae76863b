"""What happened: the ledger and every measure taken from it."""
