"""Pairs in the report: both pictures, and what was said to the other."""

from __future__ import annotations

from audit.app.mates import caption, given_alike, images_of, mates_of
from audit.core.image import Image
from audit.core.item import Item, Request
from audit.core.observation import Observation
from audit.core.query import Query, ask


def request(name: str, pair: str, side: str) -> Request:
    import numpy as np

    image = Image.of(np.full((2, 2), len(name) + ord(name[-1]), dtype=np.uint8))
    query = Query(ask(image, "?"))
    return Request(Item(name, "c", query, "A", {"pair": pair, "side": side} if pair else {}), query)


REQUESTS = {r.item.id: r for r in (request("1b", "1", "im_2"), request("1a", "1", "im_1"), request("x", "", ""))}
MATES = mates_of(REQUESTS)


def rows(first: str | None, second: str | None) -> list[Observation]:
    made = []
    for name, given in (("1a", first), ("1b", second), ("x", "A")):
        made.append(Observation("p", name, "c", "model", "strict", "wrong", 0.0, given))
    return made


def test_sides_are_in_order_and_others_stand_alone() -> None:
    assert MATES == {"1a": ("1a", "1b"), "1b": ("1a", "1b")}
    assert [image.sha256 for image in images_of("1b", MATES, REQUESTS)] == [
        REQUESTS[name].query.images[0].sha256 for name in ("1a", "1b")
    ]
    assert images_of("x", MATES, REQUESTS) == REQUESTS["x"].query.images


def test_pairs_with_one_answer_come_first() -> None:
    assert given_alike(["x", "1b"], MATES, rows("A", "A")) == ["1b", "x"]
    assert given_alike(["x", "1b"], MATES, rows("A", "B")) == ["x", "1b"]
    assert given_alike(["x", "1b"], MATES, rows(None, None)) == ["x", "1b"]


def test_captions() -> None:
    assert "left picture" in caption("1a", MATES, rows("A", "A"))
    assert caption("1b", MATES, rows("A", "A")).endswith("it got the same answer.")
    assert caption("1b", MATES, rows("B", "A")).endswith("it got the answer B.")
    assert "nothing that could be read" in caption("1b", MATES, rows(None, "A"))
    assert caption("x", MATES, rows("A", "A")) == ""
