"""MediConfusion: pairs of images that a model finds alike and no radiologist confuses."""
