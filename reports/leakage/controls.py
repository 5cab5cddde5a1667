"""The controls in words. A difference is claimed where intervals part, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports import numbers
from reports.leakage.conclusion import QUESTION, concluded
from reports.leakage.ways import Found, Way, changed, documents, is_plain, share, title
from reports.schema import CoveragePart, FindingPart


@dataclass(frozen=True)
class Answered:
    """A question that a control settles, and its answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Controls:
    """What they come to and what holds for all masks, and the rest by mask."""

    general: tuple[Answered, ...]
    by_mask: tuple[tuple[str, tuple[Answered, ...]], ...]


def answered(found: Found, coverage: Sequence[CoveragePart]) -> Controls:
    """Every control of which there are figures."""
    masks = _main(found)
    pixel = next((one for one in masks if "/" not in dict(one)["strategy"]), None)
    tokens = [one for one in masks if one != pixel and "/" in dict(one)["strategy"]]
    general = _kept(
        (QUESTION, concluded(found, pixel, tokens)),
        _readable(found),
        _covered(coverage),
        _upper(found, pixel),
        _detected(found, pixel),
    )
    asked = [pixel, *tokens] if pixel is not None else tokens
    return Controls(general, tuple((title(one), _of_mask(found, pixel, one)) for one in asked))


def _of_mask(found: Found, pixel: Way | None, one: Way) -> tuple[Answered, ...]:
    reach = ("", "") if one == pixel else _token(found, pixel, one)
    return _kept(reach, _everything(found, one), _elsewhere(found, one), _columns(found, one), _inferable(found, one))


def _kept(*made: tuple[str, str]) -> tuple[Answered, ...]:
    return tuple(Answered(question, answer) for question, answer in made if answer)


def _main(found: Found) -> list[Way]:
    """Each strategy at its smallest radius."""
    least: dict[str, Way] = {}
    for one in found.ways:
        tags = dict(one)
        if not is_plain(one) or "output" in tags or tags["strategy"] == "none":
            continue
        held = least.get(tags["strategy"])
        if held is None or int(tags["radius"]) < int(dict(held)["radius"]):
            least[tags["strategy"]] = one
    return list(least.values())


def _readable(found: Found) -> tuple[str, str]:
    question, read = "What can the model read at all?", found.get("readability", ())
    if read is None:
        return question, ""
    return question, f"{share(read)} of the identifiers on the pages as they are; only these count in what follows."


def _covered(coverage: Sequence[CoveragePart]) -> tuple[str, str]:
    told = "; ".join(
        f"{part['way']}: at least {numbers.percent(part['lowest'])} of what the boxes change, on {part['n']} pages"
        for part in coverage
    )
    answer = f"Measured with the model's own preprocessing: {told}." if told else ""
    return "Do the hidden tokens cover the boxes?", answer


def _upper(found: Found, pixel: Way | None) -> tuple[str, str]:
    question = "What is the most that a mask can do (pixels hidden)?"
    rate = None if pixel is None else found.get("leak_rate", pixel)
    if rate is None or pixel is None:
        return question, ""
    kept = share(found.get("reduction", pixel))
    return (
        question,
        f"With {title(pixel)}, documents that leaked: {documents(rate)}; {kept} of the identifiers were kept.",
    )


def _token(found: Found, pixel: Way | None, one: Way) -> tuple[str, str]:
    question, own = "Does it reach what hiding the pixels does?", found.get("reduction", one)
    most = None if pixel is None else found.get("reduction", pixel)
    if own is None or most is None:
        return question, ""
    apart = "less than" if _below(own, most) else "more than" if _below(most, own) else "not shown to differ from"
    return question, f"It keeps back {share(own)}, {apart} hiding the pixels ({share(most)})."


def _everything(found: Found, one: Way) -> tuple[str, str]:
    question = "What comes out with everything hidden?"
    rate = found.get("leak_rate", changed(one, hidden="all"))
    if rate is None:
        return question, ""
    why = " What comes out of nothing was learnt, guessed or matched by accident." if rate["estimate"] else ""
    return question, f"Documents that leaked: {documents(rate)}.{why}"


def _elsewhere(found: Found, one: Way) -> tuple[str, str]:
    question = "Does hiding as much elsewhere do the same?"
    own, other = found.get("reduction", one), found.get("reduction", changed(one, hidden="random"))
    if own is None or other is None:
        return question, ""
    said = "it is the place that works" if _below(other, own) else "that the place matters is not shown"
    return question, f"It keeps back {share(other)}, against {share(own)} for the boxes themselves: {said}."


def _columns(found: Found, one: Way) -> tuple[str, str]:
    """Left against right, on the page as it is and with the columns exchanged."""
    question = "Does the effect follow the column?"
    told, sides = [], []
    for name, page in (("as printed", one), ("exchanged", changed(one, page="swapped"))):
        left, right = found.get("reduction", page, column="left"), found.get("reduction", page, column="right")
        if left is None or right is None:
            return question, ""
        told.append(f"{name}: left {share(left)}, right {share(right)}")
        sides.append(int(_below(right, left)) - int(_below(left, right)))
    return question, f"Kept back, {'; '.join(told)}. {_follows(*sides)}"


def _follows(first: int, second: int) -> str:
    """What the better side (1 left, -1 right, 0 neither) on both pages means."""
    if first == second == 0:
        return "Neither column is shown to fare better: no sign of boxes that are mapped wrongly on one side."
    if first == second:
        return (
            "The same side fares better on both: it depends on the place, as with boxes that are mapped wrongly there."
        )
    if first == -second:
        return "It moves with the identifiers: it depends on what they are, not on where they stand."
    return "One side fares better on one of the two only: neither place nor kind explains it alone."


def _inferable(found: Found, one: Way) -> tuple[str, str]:
    question = "Do identifiers that follow from others come out more?"
    follows, chance = (found.get("reduction", one, inferable=value) for value in ("yes", "no"))
    if follows is None or chance is None:
        return question, ""
    shown = "context gives them away" if _below(follows, chance) else "that context gives them away is not shown"
    return question, f"Kept back: {share(follows)} of those, {share(chance)} of those drawn by chance: {shown}."


def _detected(found: Found, pixel: Way | None) -> tuple[str, str]:
    question, recall = "What does it cost to find the boxes instead of knowing them?", found.get("detector_recall", ())
    if recall is None or pixel is None:
        return question, ""
    other, own = (share(found.get("reduction", one)) for one in (changed(pixel, boxes="detected"), pixel))
    return question, (
        f"The detector covers {share(recall)} of the identifiers; with its boxes {other} are kept back, with the known "
        f"ones {own}."
    )


def _below(one: FindingPart, other: FindingPart) -> bool:
    """Whether the interval of one lies wholly below that of the other."""
    high, low = one["ci_high"], other["ci_low"]
    return high is not None and low is not None and high < low
