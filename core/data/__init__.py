"""Tables: reading, understanding columns, cleaning, splitting."""
