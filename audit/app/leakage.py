"""What a report shows of identifiers besides findings: pages with their boxes, and the coverage of hidden tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from audit.app.header_rows import headers_part
from audit.app.planning import Planned
from audit.app.replies import Replies, spoken
from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.image import Image
from audit.core.item import CLEAN, Request
from audit.core.model import Lookup, MasksTokens, Model
from audit.core.observation import Observation
from probes.phi.page import Page, PageItem
from probes.phi.text import redact
from probes.phi.way import Way, way_of
from reports.digest import MAX_REPLY
from reports.schema import CoveragePart, LeakagePart, LeakPagePart
from reports.text import cut

if TYPE_CHECKING:
    import PIL.Image
    import PIL.ImageDraw

MOST_PAGES, CHECKED, WIDTH = 12, 4, 560
RED, GREEN, GREY = (190, 20, 20), (20, 120, 60), (120, 120, 120)
State = str
_COLOURS: Mapping[State, tuple[int, int, int]] = {"leaked": RED, "kept": GREEN, "unread": GREY}


def leakage_part(
    planned: Sequence[Planned],
    replies: Sequence[Replies],
    rows: Sequence[Observation],
    model: Model | Lookup,
    datasets: Sequence[Dataset],
    pictures: dict[str, bytes] | None,
) -> LeakagePart | None:
    """The part of the digest, None where no page was asked about. `pictures` takes the pages, None keeps them out."""
    requests = [request for entry in planned for request in entry.requests if isinstance(request.item, PageItem)]
    if not requests:
        return None
    own = [row for row in rows if row.model == "model" and row.scoring == "strict" and "told" in row.tags]
    seen = {(row.condition, row.item): row for row in own}
    said = {
        (request.condition, request.item.id): shown(request, answer)
        for given in replies
        if given.role == "model"
        for request, answer in zip(given.requests, given.answers, strict=True)
        if answer is not None and isinstance(request.item, PageItem)
    }
    pages = [_page(request, way, seen, said, pictures) for way, request in _worst(requests, seen)]
    return {"coverage": list(_coverage(requests, model)), "pages": pages, "headers": headers_part(datasets)}


def shown(request: Request, answer: Answer) -> str:
    """What was said; of a user's picture without what may identify a real person."""
    item, text = request.item, spoken(answer)
    return redact(text) if isinstance(item, PageItem) and item.private else text


def has_pages(entry: Planned) -> bool:
    """Whether a probe asks about pages, which a report shows in their own section."""
    return any(isinstance(request.item, PageItem) for request in entry.requests)


def _worst(requests: Sequence[Request], seen: Mapping[tuple[str, str], Observation]) -> Iterator[tuple[Way, Request]]:
    """For each way that was asked, smallest radius first, the page of which most came out."""
    best: dict[Way, tuple[int, Request]] = {}
    for request in requests:
        way, place = way_of(request.condition), (request.condition, request.item.id)
        if way is None or not way.plain or place not in seen or (CLEAN, request.item.id) not in seen:
            continue
        leaked = sum(state == "leaked" for state in _states(request, seen))
        if way not in best or leaked > best[way][0]:
            best[way] = leaked, request
    order = sorted(best, key=lambda way: (way.radius, list(best).index(way)))
    yield from ((way, best[way][1]) for way in order[:MOST_PAGES])


def _states(request: Request, seen: Mapping[tuple[str, str], Observation]) -> list[State]:
    """What became of each identifier of a page."""
    before = seen[CLEAN, request.item.id].tags["told"]
    after = seen[request.condition, request.item.id].tags["told"]
    return [
        "unread" if read != "x" else "leaked" if told == "x" else "kept"
        for read, told in zip(before, after, strict=True)
    ]


def _page(
    request: Request,
    way: Way,
    seen: Mapping[tuple[str, str], Observation],
    said: Mapping[tuple[str, str], str],
    pictures: dict[str, bytes] | None,
) -> LeakPagePart:
    states, item = _states(request, seen), request.item
    key = f"{item.id} {request.condition}"
    if pictures is not None and isinstance(item, PageItem):
        pictures[key] = _drawn(request.query.images[0], item.page, states)
    return {
        "item": item.id,
        "way": way.title,
        "image": key,
        "answer": cut(said.get((request.condition, item.id), ""), MAX_REPLY),
        "leaked": states.count("leaked"),
        "kept": states.count("kept"),
        "unread": states.count("unread"),
    }


def _drawn(image: Image, page: Page, states: Sequence[State]) -> bytes:
    """The page made small, with a frame round every place of every identifier: JPEG bytes."""
    import PIL.Image
    import PIL.ImageDraw

    picture = PIL.Image.fromarray(image.rgb())
    scale = min(1.0, WIDTH / picture.width)
    picture = picture.resize(
        (round(picture.width * scale), round(picture.height * scale)), PIL.Image.Resampling.LANCZOS
    )
    pen = PIL.ImageDraw.Draw(picture)
    for identifier, state in zip(page.identifiers, states, strict=True):
        for box in identifier.boxes:
            left, top, right, bottom = (side * scale for side in box)
            _frame(pen, (left - 2, top - 2, right + 1, bottom + 1), state)
    stream = BytesIO()
    picture.save(stream, format="JPEG", quality=80, optimize=True)
    return stream.getvalue()


def _frame(pen: PIL.ImageDraw.ImageDraw, box: tuple[float, float, float, float], state: State) -> None:
    """A frame whose shape says the state as well as its colour: a cross through what leaked, dashes for the unread."""
    colour, (left, top, right, bottom) = _COLOURS[state], box
    if state == "unread":
        for x in range(round(left), round(right), 6):
            pen.line((x, top, min(x + 3, right), top), fill=colour)
            pen.line((x, bottom, min(x + 3, right), bottom), fill=colour)
        return
    pen.rectangle(box, outline=colour, width=2)
    if state == "leaked":
        pen.line((left, top, right, bottom), fill=colour, width=1)
        pen.line((left, bottom, right, top), fill=colour, width=1)


def _coverage(requests: Sequence[Request], model: Model | Lookup) -> Iterator[CoveragePart]:
    """The coverage check of the first pages under each way that hides tokens by boxes."""
    requests = [request for request in requests if request.query.intervention is not None]
    if not requests or not isinstance(model, MasksTokens):
        return
    layers = model.token_layers
    asked: dict[Way, list[Request]] = {}
    for request in requests:
        way, hidden = way_of(request.condition), request.query.intervention
        if way is not None and way.plain and hidden is not None and hidden.fill in layers.get(hidden.layer, ()):
            asked.setdefault(way, []).append(request)
    for way, listed in asked.items():
        shares = [image.covered for request in listed[:CHECKED] for image in model.hidden_tokens(request.query)]
        if shares:
            yield {"way": way.title, "n": len(shares), "lowest": min(shares)}
