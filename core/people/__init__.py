"""Who uses this server: when they were here, which of their logins have ended, and what they take of the machine."""
