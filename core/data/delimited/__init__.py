"""Delimited text: its letters, its layout, its rows."""
