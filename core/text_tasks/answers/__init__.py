"""Tasks whose answers are written: answers from documents, summaries."""
