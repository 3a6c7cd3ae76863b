"""The clock: what turns a scenario and a seed into visits. Behaviour itself lives in `sim.behaviour`."""
