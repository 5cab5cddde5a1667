"""The options of the probe, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from audit.core.errors import InputError

WAYS = ("multiple_choice", "greedy", "prefix", "free_form")
ORDERS = ("published", "swapped")
LABELS = ("finding", "view", "laterality")


@dataclass(frozen=True)
class Options:
    """How to ask, and what to build where the data holds no pairs.

    - `ways`: of answering. What a model cannot do (greedy needs `choose`, prefix needs `likelihood`, free form a judge
      model) is left out, and said so.
    - `orders`: of the options, for the ways that list them.
    - `n_pairs`, `n_easy`: confusable pairs and easy control pairs to build from labelled images. 32 is safely above the
      20 clusters below which nothing can pass; with the other defaults about 450 distinct questions.
    - `by`: the labels whose values are to be told apart.
    """

    ways: tuple[str, ...] = WAYS
    orders: tuple[str, ...] = ORDERS
    n_pairs: int = 32
    n_easy: int = 8
    by: tuple[str, ...] = LABELS


def read_options(given: Mapping[str, object]) -> Options:
    """Options from a mapping (values as typed or as YAML has them). Raises `InputError` naming the key and what it may
    be."""
    known = [field.name for field in fields(Options)]
    for key in given:
        if key not in known:
            raise InputError(f"Unknown option mediconfusion.{key}", remedy=f"known: {', '.join(known)}")
    default = Options()
    return Options(
        ways=_several(given, "ways", default.ways),
        orders=_several(given, "orders", default.orders),
        n_pairs=_whole(given, "n_pairs", default.n_pairs, 1),
        n_easy=_whole(given, "n_easy", default.n_easy, 0),
        by=_several(given, "by", default.by),
    )


def _whole(given: Mapping[str, object], key: str, default: int, low: int, high: int = 100_000) -> int:
    value = given.get(key, default)
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not low <= int(text[:12]) <= high:
        raise InputError(f"Expected mediconfusion.{key} to be a whole number, {low} to {high}, but got {value!r}")
    return int(text)


def _several(given: Mapping[str, object], key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    """A comma-separated text or a list, each entry allowed, at least one; in the order of `allowed`."""
    value = given.get(key, allowed)
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
    words = [str(part).strip() for part in parts]
    if not words or any(word not in allowed for word in words):
        raise InputError(f"Expected mediconfusion.{key} to be some of {', '.join(allowed)} but got {value!r}")
    return tuple(word for word in allowed if word in words)
