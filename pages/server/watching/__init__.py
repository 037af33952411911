"""What whoever runs a server watches: the lines of its log, and its figures."""
