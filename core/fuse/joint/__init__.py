"""A text encoder and a tower for columns, trained together with the head that decides."""
