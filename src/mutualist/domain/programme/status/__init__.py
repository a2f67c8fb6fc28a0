"""Levels over time: what facts give on each day becomes the level a partner holds."""
