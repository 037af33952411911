"""What a run leaves on disk, and what a resume may take up again."""
