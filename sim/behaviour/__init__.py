"""What customers do: each law once, as small pure functions that both engines call.

A law takes uniforms and numbers and gives numbers; it knows no engine, no clock and no scenario.
"""
