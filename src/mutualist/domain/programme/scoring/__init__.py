"""Scoring: facts of a partner and rules in, points, levels and reasons out."""
