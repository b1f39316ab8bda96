"""Pages as plain text, for people who read them in a terminal."""
