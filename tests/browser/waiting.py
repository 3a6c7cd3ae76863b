"""How long the browser tests wait on a machine that does other things, too."""

from tests.waiting import PATIENCE

ANSWER_MS = 1_000 * PATIENCE
