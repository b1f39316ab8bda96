"""Tests that use the site as people do: real Chromium in front of the whole site."""
