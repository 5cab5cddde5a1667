"""The controls in words: is a leak inferred from context, or was the box missed?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports import numbers
from reports.leakage.ways import Found, Way, changed, documents, is_plain, share, title, way
from reports.schema import CoveragePart, FindingPart

NONE = way(strategy="none")


@dataclass(frozen=True)
class Answered:
    """A question that a control settles, and its answer."""

    question: str
    answer: str


def answered(found: Found, coverage: Sequence[CoveragePart]) -> tuple[Answered, ...]:
    """Every control of which there are figures, the conclusion first. Differences are claimed where intervals part."""
    masks = _main(found)
    pixel = next((one for one in masks if "/" not in dict(one)["strategy"]), None)
    tokens = [one for one in masks if "/" in dict(one)["strategy"]]
    rest = (*_readable(found), *_covered(coverage), *_upper(found, pixel), *_token(found, pixel, tokens),
            *_everything(found, masks), *_elsewhere(found, masks), *_columns(found, masks), *_inferable(found, masks),
            *_detected(found, pixel))  # fmt: skip
    return (*_conclusion(found, pixel, tokens), *rest)


def _main(found: Found) -> list[Way]:
    """Each strategy at its smallest radius."""
    least: dict[str, Way] = {}
    for one in found.ways:
        tags = dict(one)
        if is_plain(one) and "output" not in tags and tags["strategy"] != "none":
            held = least.get(tags["strategy"])
            if held is None or int(tags["radius"]) < int(dict(held)["radius"]):
                least[tags["strategy"]] = one
    return list(least.values())


def _conclusion(found: Found, pixel: Way | None, tokens: Sequence[Way]) -> Iterator[Answered]:
    question = "Is the leak inferred from context, or was the box missed?"
    under = None if pixel is None else found.get("leak_rate", pixel)
    leaking = [one for one in tokens if (rate := found.get("leak_rate", one)) and rate["estimate"]]
    if under is None and not tokens:
        return
    if under is not None and under["estimate"] and pixel is not None:
        yield Answered(question, f"Identifiers came out although their pixels were hidden ({title(pixel)}: "
                       f"{documents(under)}). {_by_inference(found, pixel)}")  # fmt: skip
    elif leaking:
        names = "; ".join(f"{title(one)}: {documents(found.get('leak_rate', one))}" for one in leaking)
        seen = "" if under is None or pixel is None else (
            f" With the pixels of the same boxes hidden ({title(pixel)}) {documents(under)} documents leaked: what comes "
            "out is read from the picture, through tokens that the mask misses or that were mixed before the layer, and "
            "not inferred from the rest of the page."
        )  # fmt: skip
        yield Answered(question, f"Identifiers came out although their tokens were hidden ({names}).{seen}")
    else:
        told = "; ".join(
            f"{title(one)}: {documents(found.get('leak_rate', one))}" for one in (*([pixel] if pixel else []), *tokens)
        )
        yield Answered(question, f"Nothing came out of hidden boxes, so there is nothing to explain ({told}).")


def _by_inference(found: Found, one: Way) -> str:
    chance, follows = (found.get("reduction", one, inferable=value) for value in ("no", "yes"))
    if chance is None or follows is None:
        return "Whether they follow from others on the page was not measured."
    if chance["estimate"] == 1 and (follows["estimate"] or 0) < 1:
        return "Only such came out as follow from others on the page: this is inference."
    return (
        f"Of those that are drawn by chance, and follow from nothing, {share(chance)} were kept back: the others cannot "
        "have been inferred, so their boxes miss part of them or their traces remain in the pixels."
    )


def _readable(found: Found) -> Iterator[Answered]:
    read = found.get("readability", ())
    if read is not None:
        yield Answered("What can the model read at all?", f"{share(read)} of the identifiers on the pages as they are; "
                       "only these count in what follows.")  # fmt: skip


def _covered(coverage: Sequence[CoveragePart]) -> Iterator[Answered]:
    if coverage:
        told = "; ".join(
            f"{part['way']}: at least {numbers.percent(part['lowest'])} of what the boxes change, on {part['n']} pages"
            for part in coverage
        )
        yield Answered("Do the hidden tokens cover the boxes?", f"Measured with the model's own preprocessing: {told}.")


def _upper(found: Found, pixel: Way | None) -> Iterator[Answered]:
    rate = None if pixel is None else found.get("leak_rate", pixel)
    if rate is not None and pixel is not None:
        question = "What is the most that a mask can do (pixels hidden)?"
        yield Answered(question, f"With {title(pixel)}, documents that leaked: {documents(rate)}; of the identifiers "
                       f"{share(found.get('reduction', pixel))} were kept back.")  # fmt: skip


def _token(found: Found, pixel: Way | None, tokens: Sequence[Way]) -> Iterator[Answered]:
    most = None if pixel is None else found.get("reduction", pixel)
    for one in tokens:
        own = found.get("reduction", one)
        if own is not None and most is not None:
            apart = "less than" if _below(own, most) else "more than" if _below(most, own) else "not shown to differ from"
            yield Answered(f"Do token masks at {title(one)} reach it?",
                           f"They keep back {share(own)}, {apart} hiding the pixels ({share(most)}).")  # fmt: skip


def _everything(found: Found, masks: Sequence[Way]) -> Iterator[Answered]:
    for one in masks:
        rate = found.get("leak_rate", changed(one, hidden="all"))
        if rate is not None:
            why = "" if not rate["estimate"] else " What comes out of nothing was learnt, guessed or matched by accident."
            yield Answered(f"What comes out with everything hidden ({title(one)})?", f"Documents that leaked: "
                           f"{documents(rate)}.{why}")  # fmt: skip


def _elsewhere(found: Found, masks: Sequence[Way]) -> Iterator[Answered]:
    for one in masks:
        own, other = found.get("reduction", one), found.get("reduction", changed(one, hidden="random"))
        if own is not None and other is not None:
            said = (
                "the place of the mask is what works"
                if _below(other, own)
                else "that the place of the mask matters is not shown"
            )
            yield Answered(f"Does hiding as much elsewhere do the same ({title(one)})?",
                           f"It keeps back {share(other)}, against {share(own)} for the boxes themselves: {said}.")  # fmt: skip


def _columns(found: Found, masks: Sequence[Way]) -> Iterator[Answered]:
    """Left against right, on the page as it is and with the columns exchanged."""
    for one in masks:
        sides = [
            (found.get("reduction", page, column="left"), found.get("reduction", page, column="right"))
            for page in (one, changed(one, page="swapped"))
        ]
        if any(left is None or right is None for left, right in sides):
            continue
        first, second = (_side(left, right) for left, right in sides if left is not None and right is not None)
        told = "; ".join(
            f"{name}: left {share(left)}, right {share(right)}"
            for name, (left, right) in zip(("as printed", "exchanged"), sides, strict=True)
        )
        yield Answered(f"Does the effect follow the column ({title(one)})?", f"Kept back, {told}. {_follows(first, second)}")


def _side(left: FindingPart, right: FindingPart) -> int:
    return int(_below(right, left)) - int(_below(left, right))


def _follows(first: int, second: int) -> str:
    if first == second == 0:
        return "Neither column is shown to fare better: no sign of boxes that are mapped wrongly on one side."
    if first == second:
        return "The same column fares better on both: it depends on the place, so the boxes are mapped wrongly on one side."
    if first == -second:
        return "It moves with the identifiers: it depends on what they are, not on where they stand."
    return "One side fares better on one of the two only: neither place nor kind explains it alone."


def _inferable(found: Found, masks: Sequence[Way]) -> Iterator[Answered]:
    for one in masks:
        follows, chance = (found.get("reduction", one, inferable=value) for value in ("yes", "no"))
        if follows is not None and chance is not None:
            said = (
                "they come out more often: context gives them away"
                if _below(follows, chance)
                else "that context gives them away is not shown"
            )
            yield Answered(f"Do identifiers that follow from others come out more ({title(one)})?",
                           f"Kept back: {share(follows)} of those that follow, {share(chance)} of those drawn by chance: "
                           f"{said}.")  # fmt: skip


def _detected(found: Found, pixel: Way | None) -> Iterator[Answered]:
    recall = found.get("detector_recall", ())
    other = None if pixel is None else found.get("reduction", changed(pixel, boxes="detected"))
    if recall is not None and pixel is not None:
        yield Answered("What does it cost to find the boxes instead of knowing them?",
                       f"The detector covers {share(recall)} of the identifiers; with its boxes {share(other)} are kept "
                       f"back, with the known ones {share(found.get('reduction', pixel))}.")  # fmt: skip


def _below(one: FindingPart, other: FindingPart) -> bool:
    """Whether the interval of one lies wholly below that of the other."""
    high, low = one["ci_high"], other["ci_low"]
    return high is not None and low is not None and high < low
