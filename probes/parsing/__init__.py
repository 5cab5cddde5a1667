"""Readers of free-text answers, shared by probes."""
