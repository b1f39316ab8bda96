"""The API: what programs read, and what its answers have in common."""
