"""An entry: one input as a reader found it, before identifiers are replaced and duplicates are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit.core.canonical import Json
from audit.core.dataset import Problem
from audit.core.image import Image


@dataclass(frozen=True)
class Identity:
    """Identifiers as they stand in the source: they go no further than the pseudonyms made of them."""

    patient: str = ""
    study: str = ""
    site: str = ""


@dataclass(frozen=True)
class Entry:
    """One input. `image` is None where it cannot be used, then `reason` says why.

    `place` names file and row for the user's own screen, `report_place` only the row or the file's number. `questions`
    are rows of question, answer and options that belong to the image; `doubted` is a modality that is known to be
    wrong, whoever repeats it. `file` tells entries of one file apart
    from those of others.
    """

    place: str
    report_place: str
    image: Image | None = None
    reason: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    doubted: str = ""
    identity: Identity = field(default_factory=Identity)
    questions: tuple[Mapping[str, Json], ...] = ()
    problems: tuple[Problem, ...] = ()
    file: str = ""
