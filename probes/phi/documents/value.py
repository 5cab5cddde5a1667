"""An identifier as it is printed."""

from __future__ import annotations

from dataclasses import dataclass

from probes.phi.documents.categories import CATEGORIES


@dataclass(frozen=True)
class Value:
    """One identifier: `type` is its category, `field` what it is ("city"), `text` the characters on the page.

    `subject` says whose it is: `patient`, `relative`, `employer`, `provider`, `institution`. Safe Harbor speaks of the
    first three; the others are annotated so that a caller may count them or not. `inferable_from` names the fields
    that give the value away with ordinary knowledge where they can be read ("" for a value drawn by chance).
    Raises `ValueError` for an unknown category or an empty text.
    """

    type: str
    field: str
    text: str
    subject: str = "patient"
    inferable_from: str = ""

    def __post_init__(self) -> None:
        if self.type not in CATEGORIES:
            raise ValueError(f"Expected a value's type to be one of {', '.join(CATEGORIES)} but got {self.type!r}.")
        if not self.text.strip():
            raise ValueError(f"Expected the text of {self.field!r} not to be empty.")

    @property
    def inferable(self) -> bool:
        """True where the value follows from others on the page."""
        return bool(self.inferable_from)
