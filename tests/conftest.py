"""What every test begins with."""

import os
import tempfile

from hypothesis import settings

from tests.postgresql import postgresql  # noqa: F401 - a fixture for all folders

# Seeded by the test itself, so that a run today and a run tomorrow try the same examples on every machine.
settings.register_profile("ripple", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("ripple")

# What tests save never lands among what somebody on this machine has saved.
os.environ["RIPPLE_DATABASE"] = f"sqlite:///{tempfile.mkdtemp(prefix='ripple-tests-')}/saved.db"
