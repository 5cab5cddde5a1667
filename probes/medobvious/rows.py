"""From base grids to requests: the eight published rows, their uniform wording and the multi-image variant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from audit.core.image import Image
from audit.core.item import CLEAN, Item, Request
from audit.core.query import Option, Query, ask
from probes.medobvious.config import Options
from probes.medobvious.formats import ROWS, Row, decoding, grid_tag, options_for, target_of
from probes.medobvious.generate import BaseGrid
from probes.medobvious.grids import Painter
from probes.medobvious.prompts import PREFER_NORMAL, panel_label, published_prompt, separate_images, uniform_prompt
from probes.medobvious.strict import ALSO_RIGHT
from probes.parsing.positions import position_names

UNIFORM = "uniform"
MULTI_IMAGE = "multi_image"


def requests_of(grid: BaseGrid, painter: Painter, options: Options) -> Iterator[Request]:
    """All requests of one base grid, under the conditions that the options ask for."""
    pictures = {
        row.suffix: painter.grid(
            grid.panels if row.polarity == "positive" else grid.clean,
            grid.n,
            grid.position if row.format == "visual_referring" else None,
        )
        for row in ROWS
    }
    # Rows that show the same picture share it, so that it is made and hashed once.
    for row in ROWS:
        if row.format != "visual_referring":
            pictures[row.suffix] = pictures["det_mcq" if row.polarity == "positive" else "det_mcq_neg"]
    singles = {panel: painter.single(panel) for panel in (*grid.panels, *grid.clean)}
    for row in ROWS:
        shown = grid.panels if row.polarity == "positive" else grid.clean
        panels = tuple(singles[panel] for panel in shown)
        yield from row_requests(item_of(grid, row), row, pictures[row.suffix], panels, grid.anomaly, None, options)


def item_of(grid: BaseGrid, row: Row) -> Item:
    """The item of one row, still without its query."""
    tags = {
        "format": row.format,
        "polarity": row.polarity,
        "tier": grid.tier,
        "grid": grid_tag(grid.n),
        "violation": grid.violation,
        "position": position_names(grid.n)[grid.position],
    }
    if grid.other is not None and row.polarity == "positive" and row.format != "visual_referring":
        tags[ALSO_RIGHT] = target_of(row, grid.n, grid.other)
    target = target_of(row, grid.n, grid.position)
    return Item(f"{grid.id}_{row.suffix}", grid.cluster, Query(()), target, tags)


def row_requests(
    item: Item,
    row: Row,
    picture: Image,
    panels: tuple[Image, ...],
    anomaly: str,
    question: str | None,
    options: Options,
    offered: tuple[Option, ...] | None = None,
) -> Iterator[Request]:
    """The requests of one row. `item` comes without a query; `question` is the official wording, None for ours;
    `offered` are the official options.

    Conditions: "clean" (published wording), "uniform", and "multi_image" (uniform wording, panels one by one; detection
    only, so that the variant stays affordable).
    """
    n = int(item.tags["grid"].partition("x")[0])
    offered = offered or options_for(row.format, n)
    base = Query(
        (),
        offered,
        how=options.how if row.format.endswith("_mcq") else "generate",
        decoding=decoding(row.format),
    )
    system = PREFER_NORMAL if options.system == "prefer_normal" else None
    words = uniform_prompt(row.format, n, anomaly, offered)
    queries: dict[str, Query] = {}
    if "published" in options.prompts and row.published and "grid" in options.variants:
        text = question or published_prompt(row.format, row.polarity, n, anomaly, offered)
        queries[CLEAN] = base.with_messages(ask(picture, text, system=system))
    if UNIFORM in options.prompts and "grid" in options.variants:
        queries[UNIFORM] = base.with_messages(ask(picture, words, system=system))
    if MULTI_IMAGE in options.variants and row.format.startswith("detection"):
        names = position_names(n)
        parts = [part for place, panel in enumerate(panels) for part in (panel_label(place, names[place]), panel)]
        queries[MULTI_IMAGE] = base.with_messages(ask(*parts, separate_images(words, n), system=system))
    if queries:
        complete = replace(item, query=next(iter(queries.values())))
        for condition, query in queries.items():
            yield Request(complete, query, condition)
