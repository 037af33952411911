"""Where an encoder looks."""
