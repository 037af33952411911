"""The engine: everything Amalgam can do without a browser."""
