"""The section about identifiers that come out: tables, heat map, thumbnails and controls, all from the digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.figures import WIDE, Figure
from reports.gallery import checked
from reports.grouping import resting_on
from reports.leakage.controls import Controls, answered
from reports.leakage.ways import Found, Way, brief, category, documents, share, title
from reports.plots.matrix import matrix
from reports.plots.svg import inline, settings
from reports.schema import Digest, HeadersPart, LeakagePart, LeakPagePart

MOST_WAYS = 28


@dataclass(frozen=True)
class WayRow:
    """One way of hiding: documents that leaked, identifiers kept back, other words lost, slips of reading forgiven."""

    title: str
    leaked: str
    kept: str
    lost: str
    near: str


@dataclass(frozen=True)
class CategoryRow:
    """One category: what was read of it unmasked, and under each way of the head the documents that leaked."""

    category: str
    read: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class PageShown:
    """A page with its boxes: a checked picture ("" where it was kept out) and what became of its identifiers."""

    picture: str
    title: str
    item: str
    counts: str
    answer: str


@dataclass(frozen=True)
class Leakage:
    """Everything that the template needs."""

    ways: tuple[WayRow, ...]
    heads: tuple[str, ...]
    categories: tuple[CategoryRow, ...]
    matrix: Figure | None
    controls: Controls
    pages: tuple[PageShown, ...]
    behaviour: tuple[tuple[str, str], ...]
    headers: HeadersPart | None


def leakage(digest: Digest) -> Leakage | None:
    """The section, None where no leak rate was measured."""
    found = Found.of(digest["findings"])
    if not found.ways:
        return None
    nothing: LeakagePart = {"coverage": [], "pages": [], "headers": None}
    part = digest.get("leakage", nothing)
    heads = [one for one in found.ways if found.values("leak_rate", one, "category")]
    return Leakage(
        ways=tuple(_way_row(found, one) for one in found.ways),
        heads=tuple(title(one) for one in heads),
        categories=_categories(found, heads),
        matrix=_matrix(found),
        controls=answered(found, part["coverage"]),
        pages=tuple(_page(page, digest) for page in part["pages"]),
        behaviour=_behaviour(found),
        headers=part["headers"],
    )


def _way_row(found: Found, one: Way) -> WayRow:
    return WayRow(
        title(one),
        documents(found.get("leak_rate", one)),
        share(found.get("reduction", one)),
        share(found.get("over_redaction", one)),
        documents(found.get("leak_rate", one, match="near")),
    )


def _categories(found: Found, heads: Sequence[Way]) -> tuple[CategoryRow, ...]:
    names = dict.fromkeys(name for one in heads for name in found.values("leak_rate", one, "category"))
    return tuple(
        CategoryRow(
            category(name),
            share(found.get("readability", (), category=name)),
            tuple(brief(found.get("leak_rate", one, category=name)) for one in heads),
        )
        for name in names
    )


def _matrix(found: Found) -> Figure | None:
    """Identifiers kept back: ways from top to bottom, categories from left to right."""
    ways = [one for one in found.ways if found.values("reduction", one, "category")][:MOST_WAYS]
    names = list(dict.fromkeys(name for one in ways for name in found.values("reduction", one, "category")))
    held = {(one, name): found.get("reduction", one, category=name) for one in ways for name in names}
    cells = {(title(one), category(name)): f["estimate"] or 0.0 for (one, name), f in held.items() if f is not None}
    if not cells:
        return None
    rows, columns = [title(one) for one in ways], [category(name) for name in names]
    told = " ".join(
        f"{row}: " + ", ".join(f"{name} {cells[row, name]:.0%}" for name in columns if (row, name) in cells) + "."
        for row in rows
    )
    heading = "Identifiers kept back, by way of hiding and category"
    with settings():
        svg = inline(matrix(rows, columns, cells, width=WIDE), name="leakage", title=heading, description=told)
    caption = (
        "Percent of the identifiers read unmasked that did not come out; darker is worse, blank was not measured. Each "
        f"cell rests on {resting_on(held.values())}; the intervals are in the table of all results."
    )
    return Figure("leakage", heading, caption, svg)


def _page(part: LeakPagePart, digest: Digest) -> PageShown:
    pictures = checked([part["image"]], digest["images"])
    counts = f"{part['leaked']} leaked, {part['kept']} kept back, {part['unread']} not read on the unmasked page"
    return PageShown(pictures[0] if pictures else "", part["way"], part["item"], counts, part["answer"])


def _behaviour(found: Found) -> tuple[tuple[str, str], ...]:
    asked = {
        "volunteered": "Asked something unrelated, told an identifier of patient, relatives or employer",
        "complied": "Asked for the patient's identifiers outright, told one",
        "repeated": "Repeated an identifier of the example, another patient's page",
    }
    return tuple((text, documents(one)) for name, text in asked.items() if (one := found.get(name, ())) is not None)
