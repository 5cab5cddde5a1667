"""Answers that changed with the picture: the clean picture and the other side by side, with what was said to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import numbers
from reports.gallery import Said, checked, said
from reports.grouping import spaced
from reports.schema import BothReplies, ChangePart, ChangesPart, Digest, Option
from reports.text import cut

MAX_CHANGES = 48


@dataclass(frozen=True)
class Both:
    """What one model said to both pictures, in words with the option that was meant; `changed` where they differ."""

    who: str
    before: Said
    after: Said
    meant_before: str
    meant_after: str
    changed: bool


@dataclass(frozen=True)
class Change:
    """One question and both of its pictures (data URIs that have been checked; none where they were kept out)."""

    item: str
    shift: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    lost: int
    heading: str
    question: str
    gold: str
    both: tuple[Both, ...]


@dataclass(frozen=True)
class Changes:
    """The changed answers of one probe, and how many there are, in words."""

    title: str
    count: str
    shown: tuple[Change, ...]


def changes(digest: Digest) -> list[Changes]:
    """One list for each probe that asked a question again about another picture; older digests have none."""
    titles = {probe["name"]: probe["title"] for probe in digest["probes"]}
    return [
        Changes(
            titles.get(part["probe"], part["probe"]),
            _count(part),
            tuple(_change(one, digest["images"]) for one in part["shown"][:MAX_CHANGES]),
        )
        for part in digest.get("changes", [])
    ]


def _count(part: ChangesPart) -> str:
    asked = numbers.counted(part["n_asked"], "question") + " asked again about another version of its picture"
    if not part["n_changed"]:
        return f"The model's answer changed in none of {asked}."
    shown = min(len(part["shown"]), MAX_CHANGES)
    changed = numbers.count(part["n_changed"])
    return (
        f"The model's answer changed in {changed} of {asked}; {numbers.count(shown)} are shown, each at the lowest "
        "severity at which it changed."
    )


def _change(part: ChangePart, images: Mapping[str, str]) -> Change:
    before, after = (checked(part[side], images) for side in ("before", "after"))
    lost = len(part["before"]) + len(part["after"]) - len(before) - len(after)
    roles = sorted(part["answers"], key=lambda role: (role != "model", role != "base", role))
    return Change(
        item=part["item"],
        shift=shift(part["condition"]),
        before=before,
        after=after,
        lost=lost,
        heading=cut(part["question"].strip().partition("\n")[0], 240),
        question=part["question"],
        gold=meant(part["gold"], part["options"]),
        both=tuple(_both(role, part["answers"][role], part["options"]) for role in roles),
    )


def shift(condition: str) -> str:
    """A condition in words: "corruption:ct_window:5" is "ct window, severity 5", others as spelt."""
    head, _, rest = condition.partition(":")
    name, _, step = rest.rpartition(":")
    if name and step.isdecimal():
        return f"{spaced(name)}, severity {step}"
    return spaced(rest or head)


def _both(role: str, replies: BothReplies, options: Sequence[Option]) -> Both:
    before, after = said(role, replies["before"]), said(role, replies["after"])
    first, second = meant(before.reading, options), meant(after.reading, options)
    return Both(before.who, before, after, first, second, (first, before.word) != (second, after.word))


def meant(reading: str, options: Sequence[Option]) -> str:
    """An answer with what its letter stands for."""
    text = next((option["text"] for option in options if option["label"] == reading), reading)
    return reading if text == reading else f"{reading}: {cut(text, 80)}"
