"""Scales: words and marks with an order."""
