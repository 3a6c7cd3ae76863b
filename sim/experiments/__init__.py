"""Many worlds: replications, twins, and where they run."""
