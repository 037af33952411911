"""Who is asking: a browser known by its cookie, or a person who has logged in."""
