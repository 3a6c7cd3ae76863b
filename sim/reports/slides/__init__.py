"""Slides: a short deck for a board, of native charts that can be edited, with sources in the speaker notes."""
