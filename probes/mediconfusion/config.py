"""The options of the probe, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from audit.core.settings import Settings

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
    told = Settings("mediconfusion", given, tuple(field.name for field in fields(Options)))
    default = Options()
    return Options(
        ways=told.several("ways", default.ways, WAYS),
        orders=told.several("orders", default.orders, ORDERS),
        n_pairs=told.whole("n_pairs", default.n_pairs, 1, 100_000),
        n_easy=told.whole("n_easy", default.n_easy, 0, 100_000),
        by=told.several("by", default.by, LABELS),
    )
