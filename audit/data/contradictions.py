"""Contradictions: what two sources say about one image and cannot both be right."""

from __future__ import annotations

import re
from collections.abc import Mapping

from audit.core.dataset import Problem

COMPARED = ("modality", "anatomy", "view", "laterality", "sex")

_WORDS = (
    ("X-ray", re.compile(r"\b(xr|cxr|x-?ray|radiographs?)\b", re.IGNORECASE)),
    ("CT", re.compile(r"\b(ct|cta|computed tomography)\b", re.IGNORECASE)),
    ("MRI", re.compile(r"\b(mri?|mra|magnetic resonance)\b", re.IGNORECASE)),
    ("ultrasound", re.compile(r"\b(us|ultrasound|sonogra\w+)\b", re.IGNORECASE)),
    ("mammography", re.compile(r"\b(mg|mammo\w*)\b", re.IGNORECASE)),
)


def against_header(stated: Mapping[str, str], header: Mapping[str, str], source: str) -> list[Problem]:
    """A problem for every label on which `source` ("the row says", "the labels say") and the header differ; the places
    are left to the caller."""
    return [
        Problem("contradiction", "", f"{source} {column} {stated[column]!r}, the header {header[column]!r}")
        for column in COMPARED
        if column in stated and column in header and stated[column] != header[column]
    ]


def without_doubted(labels: Mapping[str, str], doubted: str) -> dict[str, str]:
    """The labels without a modality that only repeats what the header contradicts."""
    return {column: label for column, label in labels.items() if column != "modality" or label != doubted}


def modality_doubt(modality: str, image_type: tuple[str, ...], description: str) -> str:
    """Why a header's own modality cannot be believed, or "".

    A localizer of a CT or MRI series is a projection that looks like a radiograph (DICOM PS3.3 C.8.2.1.1.1 for CT). A
    study description that names exactly one other modality contradicts the header as well.
    """
    doubts = []
    if modality == "CT" and any(word.upper() == "LOCALIZER" for word in image_type):
        doubts.append("the image type is LOCALIZER (a projection that looks like a radiograph)")
    named = {name for name, words in _WORDS if words.search(description)}
    if len(named) == 1 and modality and modality not in named and modality in {name for name, _ in _WORDS}:
        doubts.append(f"the study description speaks of {named.pop()}")
    return f"the header says {modality} but {' and '.join(doubts)}" if doubts else ""
