"""Regions of images: where a feature might stand that a model relies on."""
