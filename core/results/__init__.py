"""What lies on disk between the engine and the pages: typed documents, light to read."""
