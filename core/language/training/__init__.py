"""Language models trained from scratch or further, on one process or several."""
