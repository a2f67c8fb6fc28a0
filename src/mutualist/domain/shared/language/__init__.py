"""The small languages that rules are written in."""
