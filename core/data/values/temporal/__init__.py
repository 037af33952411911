"""Dates, times, durations and periods."""
