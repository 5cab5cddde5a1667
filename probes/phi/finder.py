"""Boxes of identifiers as a detector finds them, once per page."""

from __future__ import annotations


def finder():
    return None, "the detector is not here"
