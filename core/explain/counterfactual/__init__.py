"""The smallest changes that change an answer."""
