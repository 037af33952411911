"""Scores, intervals, curves: how good a candidate is, and how sure that is."""
