"""The bundled instruct model: it writes and answers, and its numbers are checked."""
