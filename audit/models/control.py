"""`control:` specs and conditions: what is answered with images taken away, greyed out or swapped; chance; gold.

The transformations are pure functions; the pipeline applies them for a probe's control conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.model import Lookup, Model
from audit.core.query import Message, Query
from audit.models.spec import Spec

if TYPE_CHECKING:
    import numpy as np

    from audit.core.image import Pixels


def blind(query: Query) -> Query:
    """The same query without its images; a turn that held nothing else keeps its place with empty text."""
    messages = tuple(
        Message(message.role, tuple(part for part in message.parts if isinstance(part, str)) or ("",))
        for message in query.messages
    )
    return replace(query, messages=messages, intervention=None)


def neutral(query: Query) -> Query:
    """The same query with each image replaced by mid-grey of equal size, depth and colour mode."""
    return _with_images(query, tuple(grey(image) for image in query.images))


def grey(image: Image) -> Image:
    """Mid-grey pixels with the shape and type of `image`, which is read when its size is first needed."""
    known: list[tuple[tuple[int, ...], np.dtype[np.uint8] | np.dtype[np.uint16]]] = []

    def load() -> Pixels:
        import numpy as np

        if not known:
            pixels = image.pixels
            known.append((pixels.shape, pixels.dtype))
        shape, dtype = known[0]
        return np.full(shape, np.iinfo(dtype).max // 2 + 1, dtype=dtype)

    return Image(load, "grey")


def shuffled(queries: Sequence[Query], rng: np.random.Generator) -> list[Query]:
    """Each query with the images of another: the same questions and the same pictures, wrongly paired.

    Queries with the same images get the same other images, and image tuples of one length are permuted among
    themselves, so that what is shown stays as it was on the whole. No query ever shows an image of its own:
    where the permutation cannot avoid that, other images of the pool stand in, and grey ones where there are none.
    The result depends on the set of image tuples and on `rng`, not on the order of the queries.
    """
    tuples = {_key(query.images): query.images for query in queries if query.images}
    pool = {image.sha256: image for images in tuples.values() for image in images}
    donors: dict[tuple[str, ...], tuple[Image, ...]] = {}
    for length in sorted({len(key) for key in tuples}):
        keys = sorted(key for key in tuples if len(key) == length)
        order = [keys[place] for place in rng.permutation(len(keys))]
        for own, other in zip(order, _deranged(order), strict=True):
            donors[own] = tuples[other] if _apart(own, other) else _stand_ins(tuples[own], pool, rng)
    return [
        _with_images(query, donors[_key(query.images)]) if query.images else replace(query, intervention=None)
        for query in queries
    ]


def _deranged(order: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """`order` moved on by one, then repaired by swaps where neighbours share an image."""
    given = [*order[1:], *order[:1]]
    for place, own in enumerate(order):
        if _apart(own, given[place]):
            continue
        for other, its_own in enumerate(order):
            if _apart(own, given[other]) and _apart(its_own, given[place]):
                given[place], given[other] = given[other], given[place]
                break
    return given


def _stand_ins(images: tuple[Image, ...], pool: dict[str, Image], rng: np.random.Generator) -> tuple[Image, ...]:
    """As many images of the pool that are none of `images`, repeated where there are few; grey where there are none."""
    own = {image.sha256 for image in images}
    others = [pool[sha] for sha in sorted(pool) if sha not in own]
    if not others:
        return tuple(grey(image) for image in images)
    order = rng.permutation(len(others))
    return tuple(others[order[place % len(others)]] for place in range(len(images)))


def _key(images: Iterable[Image]) -> tuple[str, ...]:
    return tuple(image.sha256 for image in images)


def _apart(one: Iterable[str], other: Iterable[str]) -> bool:
    return set(one).isdisjoint(other)


def _with_images(query: Query, images: Sequence[Image]) -> Query:
    """The query with its images replaced in order; what was masked in the old ones means nothing in the new."""
    rest = iter(images)
    messages = tuple(
        Message(message.role, tuple(next(rest) if isinstance(part, Image) else part for part in message.parts))
        for message in query.messages
    )
    return replace(query, messages=messages, intervention=None)


def open_control(spec: Spec) -> Model | Lookup:
    """A control as a model of its own.

    `control:blind:INNER`, `control:neutral:INNER` and `control:shuffled:INNER` ask the model INNER (with its settings)
    changed queries; `control:random`, `control:oracle`, `control:constant:TEXT` and `control:none` ask nobody.
    `control_seed` seeds `shuffled`, `seed` seeds `random`. Raises `InputError`.
    """
    from audit.models.guess import CONSTANTS, open_guess
    from audit.models.mirror import CHANGES, open_mirror

    name, _, rest = spec.target.partition(":")
    if name in CHANGES and rest:
        return open_mirror(spec, name, rest)
    if name in CONSTANTS and bool(rest) == (name == "constant"):
        return open_guess(spec, name, rest)
    raise InputError(
        f"Unknown control {spec.text!r}",
        remedy="known: blind:MODEL, neutral:MODEL, shuffled:MODEL, constant:TEXT, random, oracle, none",
    )
