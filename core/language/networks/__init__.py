"""Networks that read and write, each in one file, formula by formula."""
