"""What the controls come to: is a leak inferred from context, or was the box missed?"""

from __future__ import annotations

from collections.abc import Sequence

from reports.leakage.ways import Found, Way, documents, share, title

QUESTION = "Is the leak inferred from context, or was the box missed?"


def concluded(found: Found, pixel: Way | None, tokens: Sequence[Way]) -> str:
    """The answer, "" where no mask was measured. `pixel` and `tokens` are masks of the identifiers' own boxes."""
    masks = [*(() if pixel is None else (pixel,)), *tokens]
    measured = [one for one in masks if found.get("leak_rate", one) is not None]
    leaking = [one for one in measured if _leaks(found, one)]
    if not measured:
        return ""
    if not leaking:
        return (
            f"Nothing came out of hidden boxes, so there is nothing to explain (documents: {_listed(found, measured)})."
        )
    if pixel is not None and pixel in leaking:
        return f"Identifiers came out though their pixels were hidden ({_listed(found, [pixel])}). {_why(found, pixel)}"
    said = f"Identifiers came out though their tokens were hidden (documents: {_listed(found, leaking)})."
    if pixel is None or pixel not in measured:
        return said + " Without a mask in the pixels to compare with, inference and a missed box cannot be told apart."
    return (
        f"{said} With the pixels of the same boxes hidden ({_listed(found, [pixel])}) none did: what comes out is read "
        "from the picture, through tokens that the mask misses or that were mixed before the layer, and is not "
        "inferred from the rest of the page."
    )


def _why(found: Found, pixel: Way) -> str:
    chance, follows = (found.get("reduction", pixel, inferable=value) for value in ("no", "yes"))
    if chance is None or follows is None:
        return "Whether they follow from others on the page was not measured."
    if chance["estimate"] == 1:
        return "Only such came out as follow from others on the page: this is inference."
    return (
        f"Of those that were drawn by chance and follow from nothing {share(chance)} were kept back. The others cannot "
        "have been inferred: their boxes miss part of them, or traces of them are left in the pixels."
    )


def _leaks(found: Found, one: Way) -> bool:
    rate = found.get("leak_rate", one)
    return rate is not None and bool(rate["estimate"])


def _listed(found: Found, ways: Sequence[Way]) -> str:
    return "; ".join(f"{title(one)}: {documents(found.get('leak_rate', one))}" for one in ways)
