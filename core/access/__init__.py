"""Who sees what besides its owner, and what was done by whom: links to one run, and the audit log."""
