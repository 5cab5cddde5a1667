"""Items that belong together in a report: both images of a pair, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from audit.core.image import Image
from audit.core.item import CLEAN, Request
from audit.core.observation import Observation

Mates = Mapping[str, tuple[str, ...]]


def mates_of(requests: Mapping[str, Request]) -> Mates:
    """For each item with a `pair` tag all items of that pair, in the order of their `side` tag."""
    pairs: dict[str, list[str]] = {}
    for name, request in requests.items():
        if "pair" in request.item.tags:
            pairs.setdefault(request.item.tags["pair"], []).append(name)
    ordered = [
        tuple(sorted(found, key=lambda name: requests[name].item.tags.get("side", ""))) for found in pairs.values()
    ]
    return {name: members for members in ordered if len(members) > 1 for name in members}


def given_alike(items: Sequence[str], mates: Mates, rows: Iterable[Observation]) -> list[str]:
    """The items, first those to whose pair the model gave one and the same answer throughout."""
    given = _given(rows)

    def apart(item: str) -> bool:
        answers = {given.get(mate) for mate in mates.get(item, ())}
        return len(answers) != 1 or None in answers

    return sorted(items, key=apart)


def images_of(item: str, mates: Mates, requests: Mapping[str, Request]) -> tuple[Image, ...]:
    """The images of an item, or of all items of its pair."""
    return tuple(image for mate in mates.get(item, (item,)) for image in requests[mate].query.images)


def caption(item: str, mates: Mates, rows: Iterable[Observation]) -> str:
    """Which picture the question is about, and what was said to the other; "" for an item that stands alone."""
    members = mates.get(item, ())
    if len(members) != 2:
        return ""
    given = _given(rows)
    place = members.index(item)
    mine, other = given.get(item), given.get(members[1 - place])
    said = (
        "nothing that could be read" if other is None else "the same answer" if other == mine else f"the answer {other}"
    )
    here, there = ("left", "right") if place == 0 else ("right", "left")
    return f"The question is put to the {here} picture; put to the {there} one alone, it got {said}."


def _given(rows: Iterable[Observation]) -> dict[str, str | None]:
    return {
        row.item: row.given for row in rows if (row.model, row.scoring, row.condition) == ("model", "strict", CLEAN)
    }
