"""Whole-set downloads: all of the registry's facts, and apart from them all that editors wrote."""
