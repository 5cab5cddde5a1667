"""What the audit of one header found, as plain frozen data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

KINDS = ("name", "date", "time", "id", "uid", "text", "private", "overlay", "curve", "sequence", "bytes")
"""What a value is: by its group, else by its value representation (PS3.5 6.2)."""


@dataclass(frozen=True)
class Found:
    """An attribute that is present and not empty, and that the Basic Profile would remove or replace.

    `place` names it, through sequences: "RequestAttributesSequence[1].ScheduledProcedureStepID". `action` is the
    profile's; "" for an attribute that the profile leaves but that holds a name (VR PN) or text in which the text
    recognisers find an identifier. `value` is the user's own: `Placeholders` say it in a report.
    """

    place: str
    tag: int
    vr: str
    kind: str
    action: str
    value: str

    @property
    def told_tag(self) -> str:
        """As (0010,0010)."""
        return f"({self.tag >> 16:04X},{self.tag & 0xFFFF:04X})"


@dataclass(frozen=True)
class HeaderReport:
    """One file. `removed`: the header states that the patient's identity was removed (0012,0062); `burned_in`: its
    BurnedInAnnotation, "YES", "NO" or "" where it says nothing; `structured`: it is a structured report, whose content
    is text about the patient; `damaged`: places that cannot be read; `modality` as stated."""

    found: tuple[Found, ...]
    modality: str = ""
    removed: str = ""
    burned_in: str = ""
    structured: bool = False
    damaged: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Kind -> number of attributes, in the order of `KINDS`, without those that are absent."""
        counted = Counter(one.kind for one in self.found)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}


class Placeholders:
    """Names for values that must not be shown: `[NAME 1]`; equal values share one, over all files that are put to the
    same object."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._last: Counter[str] = Counter()

    def of(self, kind: str, value: str) -> str:
        """The placeholder of a value."""
        key = (kind, " ".join(value.casefold().split()))
        if key not in self._numbers:
            self._last[kind] += 1
            self._numbers[key] = self._last[kind]
        return f"[{kind.upper().replace('_', ' ')} {self._numbers[key]}]"
