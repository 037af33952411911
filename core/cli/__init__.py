"""The command line: the same engine as the pages, for people who type and for scripts."""
