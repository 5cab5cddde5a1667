"""Probe suites, one folder each."""
