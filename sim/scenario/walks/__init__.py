"""Every way a visit may walk the journey: who takes which, how often, and whether it ends."""
