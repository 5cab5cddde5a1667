"""From documents to requests: every page under every way of hiding what identifies, and the other questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from audit.core.dataset import Record
from audit.core.image import Image
from audit.core.item import Request
from audit.core.query import Intervention
from probes.phi.burned import LAYOUT, burned_in
from probes.phi.config import Options
from probes.phi.documents import LAYOUTS, document
from probes.phi.documents.document import Document
from probes.phi.finder import Finder
from probes.phi.page import Page, PageItem, page_of
from probes.phi.pictures import Boxes, elsewhere, everything, masked
from probes.phi.questions import ASKED, behaviour, transcription
from probes.phi.way import NONE, Way

TARGET = "What the page says, without anything that identifies a person."


@dataclass(frozen=True)
class Sheet:
    """A page with its picture, and where a detector finds its identifiers (None: no detector)."""

    page: Page
    image: Image
    detected: Boxes | None = None


def ways(options: Options) -> tuple[Way, ...]:
    """Everything that a transcription is asked under, the page as it is first. Detected boxes and the controls are
    asked of the first pixel strategy, the controls of every token strategy too, at the smallest radius."""
    pixel = [Way(name, radius) for name in options.strategies for radius in options.radii]
    token = [Way(name, radius) for name in options.tokens for radius in options.token_radii]
    first = [way for way in pixel if way.strategy == options.strategies[0]]
    main = [*first[:1], *(way for way in token if way.radius == options.token_radii[0])]
    made = [Way(), *pixel, *token]
    if "detected" in options.boxes:
        made += [replace(way, source="detected") for way in first]
    if "all" in options.controls:
        made += [replace(way, hidden="all") for way in main]
    if "random" in options.controls:
        made += [replace(way, hidden="random") for way in main]
    if "swapped" in options.controls:
        made += [replace(way, swapped=True) for way in (Way(), *main)]
    return tuple(made)


def all_requests(seed: int, options: Options, finder: Finder | None) -> Iterator[Request]:
    """All requests about the documents of a series. Each page's example is the page after it."""
    layouts = options.layouts or tuple(LAYOUTS)
    swap = replace(options.look, swap_columns=True)
    series = [document(seed, n, layouts[n % len(layouts)], options.look) for n in range(options.documents + 1)]
    pages = [page_of(made) for made in series]
    for index, (made, page, example) in enumerate(zip(series[:-1], pages[:-1], pages[1:], strict=True)):
        sheets = {False: _sheet(made, page, finder)}
        if "swapped" in options.controls:
            swapped = document(seed, index, made.layout, swap)
            sheets[True] = _sheet(swapped, page_of(swapped), finder)
        item = _item(made, sheets[False], example, options)
        for way in ways(options):
            yield _request(item, sheets[way.swapped], way, seed + index, options)
        for kind in options.ask:
            query = behaviour(kind, sheets[False].image, example, options.max_new_tokens)
            yield Request(item, query, ASKED[kind])


def burned_requests(records: Sequence[Record], seed: int, options: Options, finder: Finder | None) -> Iterator[Request]:
    """All requests about images with burned-in identifiers: as about documents, but that they have no columns. The
    patients are others than those of the documents; each image's example is the next one."""
    first = options.documents + 1
    sheets = [burned_in(record.image, seed, first + n) for n, record in enumerate(records)]
    for n, (record, (page, image)) in enumerate(zip(records, sheets, strict=True)):
        example, _ = sheets[(n + 1) % len(sheets)]
        item = PageItem(
            id=f"{LAYOUT}-{record.id}",
            cluster=record.cluster,
            query=transcription(image, options.max_new_tokens),
            target=TARGET,
            tags={"layout": LAYOUT, "protection": options.protection},
            page=page,
            example=example,
            private=True,
        )
        sheet = Sheet(page, image, None if finder is None else finder(image))
        yield from (_request(item, sheet, way, seed + n, options) for way in ways(options) if not way.swapped)
        for kind in options.ask:
            yield Request(item, behaviour(kind, image, example, options.max_new_tokens), ASKED[kind])


def _sheet(made: Document, page: Page, finder: Finder | None) -> Sheet:
    return Sheet(page, made.image, None if finder is None else finder(made.image))


def _item(made: Document, sheet: Sheet, example: Page, options: Options) -> PageItem:
    return PageItem(
        id=made.id,
        cluster=made.id,
        query=transcription(sheet.image, options.max_new_tokens),
        target=TARGET,
        tags={"layout": made.layout, "protection": options.protection},
        page=sheet.page,
        example=example,
    )


def _request(item: PageItem, sheet: Sheet, way: Way, seed: int, options: Options) -> Request:
    own = item if not way.swapped else replace(item, page=sheet.page)
    own = own if way.source == "given" else replace(own, detected=sheet.detected)
    if way.strategy == NONE:
        return Request(own, transcription(sheet.image, options.max_new_tokens), way.condition)
    if way.strategy in options.strategies:
        image = masked(sheet.image, _boxes(sheet, way, seed), way.strategy, way.radius)
        return Request(own, transcription(image, options.max_new_tokens), way.condition)
    layer, fill = way.strategy.split("/")
    hidden = Intervention(layer, tuple((0, *box) for box in sheet.page.boxes), fill, way.radius, way.hidden, seed)
    return Request(own, transcription(sheet.image, options.max_new_tokens, hidden), way.condition)


def _boxes(sheet: Sheet, way: Way, seed: int) -> Boxes:
    page, detected = sheet.page, sheet.detected
    if way.hidden == "all":
        return lambda: everything(page)
    if way.hidden == "random":
        return lambda: elsewhere(page, seed)
    if way.source == "detected" and detected is not None:
        return detected
    return lambda: page.boxes
