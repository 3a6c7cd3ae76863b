"""Pictures as values: each takes what was found and returns a chart, and knows no page."""
