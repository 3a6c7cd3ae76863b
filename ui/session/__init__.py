"""The only package that touches session state and the link: what the visitor chose, and the question under way."""
