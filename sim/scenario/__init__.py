"""What is simulated: one business as immutable values, read from one YAML file."""
