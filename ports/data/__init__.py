"""The registry snapshot that comes with the program, and the script that compiles it."""
