"""What pages share: state, levers, charts and sentences."""
