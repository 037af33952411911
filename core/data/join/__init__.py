"""The columns of a second file beside the rows of a table, found by a key: the same in both, or similar."""
