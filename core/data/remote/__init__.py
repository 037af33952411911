"""Tables that are not files of this machine: copied here first, then read like any other file."""
