"""Digests, figures and HTML."""
