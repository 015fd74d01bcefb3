"""Forms of the staff room: they clean and convert, never save."""
