"""How long the browser tests wait on a machine that does other things, too."""

ANSWER_MS = 240_000
