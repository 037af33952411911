"""What whoever runs Amalgam allows, read from the environment: who may ask, and which models are loaded."""
