"""The classical estimators behind the catalogue."""
