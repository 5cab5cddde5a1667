"""Corruptions: what scanners, films, slides and archives do to images, each with five severities in units.

`registry` holds them all; one file per family describes and computes them.
"""

from probes.shifts.corruptions.registry import CORRUPTIONS, Corruption, corrupt, corrupted, for_modality

__all__ = ["CORRUPTIONS", "Corruption", "corrupt", "corrupted", "for_modality"]
