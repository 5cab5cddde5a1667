"""Identifiers in pixels: an OCR reads, the text recognisers tell what is an identifier, boxes say where."""

from probes.phi.detect.boxes import Detected, detect, located

__all__ = ["Detected", "detect", "located"]
