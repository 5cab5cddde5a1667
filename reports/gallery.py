"""The gallery: items that a model failed, with what was asked and what was said."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports import numbers
from reports.schema import Digest, GalleryPart, Option, ReplyPart
from reports.text import cut

MAX_ENTRIES = 120
MAX_SPOKEN = 900
_PICTURE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}")
_WORDS = {
    "correct": "Right",
    "wrong": "Wrong",
    "refused": "Refused",
    "truncated": "Cut off",
    "unparsed": "Not readable",
    "error": "No answer",
}


@dataclass(frozen=True)
class Said:
    """One model's answer; `note` says so where its text is longer than what is shown."""

    who: str
    outcome: str
    word: str
    reading: str
    text: str
    note: str


@dataclass(frozen=True)
class Entry:
    """One failed item. `lost` counts pictures that are not shown; `options` is empty where the question lists them
    already."""

    item: str
    condition: str
    tags: tuple[tuple[str, str], ...]
    caption: str
    lost: int
    question: str
    options: tuple[Option, ...]
    gold: str
    said: tuple[Said, ...]
    summary: str


@dataclass(frozen=True)
class Frame:
    """Pictures (data URIs that have been checked; none where they were kept out) and the items that ask about them."""

    pictures: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Gallery:
    """The failed items of one probe: those shown, and how many there are in all, in words."""

    probe: str
    title: str
    frames: tuple[Frame, ...]
    count: str


def galleries(digest: Digest) -> list[Gallery]:
    """One gallery for each probe that has failed items, in the order of the probes."""
    probes = {probe["name"]: probe for probe in digest["probes"]}
    by_probe: dict[str, list[GalleryPart]] = {}
    for part in digest["gallery"]:
        by_probe.setdefault(part["probe"], []).append(part)
    made = []
    for name, parts in sorted(by_probe.items(), key=lambda pair: [*probes, pair[0]].index(pair[0])):
        shown = parts[:MAX_ENTRIES]
        title = probes[name]["title"] if name in probes else name
        total = probes[name]["n_failed"] if name in probes else None
        made.append(Gallery(name, title, _frames(shown, digest["images"]), _count(len(shown), len(parts), total)))
    return made


def _count(shown: int, held: int, failed: int | None) -> str:
    total = max(held, failed or 0)
    if shown == total:
        return f"{numbers.counted(total, 'item')} that the model did not get right."
    return f"{numbers.count(shown)} of {numbers.counted(total, 'item')} that the model did not get right."


def _frames(parts: Sequence[GalleryPart], images: Mapping[str, str]) -> tuple[Frame, ...]:
    """Items that show the same pictures stand under them together, so that no picture is held twice."""
    frames: dict[tuple[str, ...], list[Entry]] = {}
    for place, part in enumerate(parts):
        known = checked(part["images"], images)
        own = known or (f"none {place}",)
        frames.setdefault(own, []).append(_entry(part, len(part["images"]) - len(known)))
    return tuple(Frame(own if own[0].startswith("data:") else (), tuple(held)) for own, held in frames.items())


def checked(keys: Sequence[str], images: Mapping[str, str]) -> tuple[str, ...]:
    """The pictures of these keys that are there and are what they say."""
    return tuple(images[key] for key in keys if key in images and _PICTURE.fullmatch(images[key]))


def _entry(part: GalleryPart, lost: int) -> Entry:
    listed = all(option["text"] in part["question"] for option in part["options"])
    roles = sorted(part["answers"], key=lambda role: (role != "model", role != "base", role))
    spoken = tuple(said(role, part["answers"][role]) for role in roles)
    return Entry(
        item=part["item"],
        condition=part["condition"],
        tags=tuple(sorted(part["tags"].items())),
        caption=part["caption"],
        lost=lost,
        question=part["question"],
        options=() if listed else tuple(part["options"]),
        gold=part["gold"],
        said=spoken,
        summary="; ".join(f"{one.who.lower()} {cut(one.reading, 40)} ({one.word.lower()})" for one in spoken),
    )


def said(role: str, reply: ReplyPart) -> Said:
    """What one model said, its text cut to what a page has room for."""
    text = cut(reply["text"], MAX_SPOKEN)
    length = max(reply["length"], len(reply["text"]))
    note = "" if len(text) >= length else f"Cut here: {numbers.count(length)} characters in all."
    who = {"model": "Model", "base": "Base model"}.get(role, role)
    reading = "nothing" if reply["reading"] is None else reply["reading"]
    return Said(who, reply["outcome"], _WORDS[reply["outcome"]], cut(reading, 200), text, note)
