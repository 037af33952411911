"""Shapley values over columns: games, exact and sampled, and for trees."""
