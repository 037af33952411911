"""The engine: everything Amalgam can do without a browser."""

__version__ = "0.1.0"  # the only place where it stands; pyproject.toml reads it
