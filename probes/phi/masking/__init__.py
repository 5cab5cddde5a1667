"""Masking: identifiers hidden in the pixels of an image, before any model sees it."""
