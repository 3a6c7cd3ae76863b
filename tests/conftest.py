from hypothesis import settings

# Seeded by the test itself, so that a run today and a run tomorrow try the same examples on every machine.
settings.register_profile("ripple", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ripple")
