"""From pairs to requests: each image asked on its own, in four ways and both orders of the options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from audit.core.image import Image
from audit.core.item import CLEAN, Item, Request
from audit.core.query import Decoding, Option, Query, ask
from probes.mediconfusion.config import Options
from probes.mediconfusion.opinions import FREE_FORM
from probes.mediconfusion.prompts import free_form, listed

SWAPPED, GREEDY, GREEDY_SWAPPED, PREFIX = "swapped", "greedy", "greedy+swapped", "prefix"
OTHER = {"A": "B", "B": "A"}
SIDES = ("im_1", "im_2")
# Published: temperature 0 and 32 new tokens for multiple choice. Free form needs room for a sentence or two.
_CHOICE, _FREE = Decoding(max_new_tokens=32), Decoding(max_new_tokens=256)


@dataclass(frozen=True)
class Pair:
    """Two images and a question whose right answer tells them apart.

    `options` are the texts of A and B in stored order; `correct` the right letter of each image; `categories` the
    labels that results are split by; `alike` and `different` the similarities by which it was chosen; `easy` marks a
    control pair.
    """

    id: str
    cluster: str
    question: str
    options: tuple[str, str]
    images: tuple[Image, Image]
    correct: tuple[str, str]
    categories: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    alike: float | None = None
    different: float | None = None
    easy: bool = False


def requests_of(pair: Pair, options: Options) -> Iterator[Request]:
    """The requests of both images of a pair. Easy pairs are asked by multiple choice only: they are a yardstick."""
    ways = ("multiple_choice",) if pair.easy else options.ways
    for place, side in enumerate(SIDES):
        queries = _queries(pair, pair.images[place], replace(options, ways=ways))
        if not queries:
            continue
        tags = {**_tags(pair), "side": side, "categories": "|".join(pair.categories[place])}
        clean = next(iter(queries.values()))
        for condition, query in queries.items():
            swapped = condition in (SWAPPED, GREEDY_SWAPPED)
            target = OTHER[pair.correct[place]] if swapped else pair.correct[place]
            yield Request(Item(f"{pair.id}/{side}", pair.cluster, clean, target, tags), query, condition)


def _queries(pair: Pair, image: Image, options: Options) -> Mapping[str, Query]:
    """The queries about one image by condition."""
    stored = (Option("A", pair.options[0]), Option("B", pair.options[1]))
    swapped = (Option("A", pair.options[1]), Option("B", pair.options[0]))
    queries: dict[str, Query] = {}
    for order, (choice, greedy) in {"published": (CLEAN, GREEDY), "swapped": (SWAPPED, GREEDY_SWAPPED)}.items():
        offered = stored if order == "published" else swapped
        if order not in options.orders:
            continue
        if "multiple_choice" in options.ways:
            text = listed(pair.question, offered, one_letter=True)
            queries[choice] = Query(ask(image, text), offered, "generate", _CHOICE)
        if "greedy" in options.ways:
            text = listed(pair.question, offered, one_letter=False)
            queries[greedy] = Query(ask(image, text), offered, "choose")
    if "prefix" in options.ways:
        queries[PREFIX] = Query(ask(image, pair.question), stored, "likelihood")
    if "free_form" in options.ways:
        queries[FREE_FORM] = Query(ask(image, free_form(pair.question)), stored, "generate", _FREE)
    return queries


def _tags(pair: Pair) -> dict[str, str]:
    tags = {"pair": pair.id, "pairs": "easy" if pair.easy else "confusable"}
    for name, value in (("alike", pair.alike), ("different", pair.different)):
        if value is not None:
            tags[name] = f"{value:.4f}"
    return tags
