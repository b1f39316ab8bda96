"""Editors' texts: their parts, their Markdown, their checks, and how a page is put together."""
