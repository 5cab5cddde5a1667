"""Tokens hidden inside `hf:` models: declared geometries, hooks that replace what the geometry names, coverage."""
