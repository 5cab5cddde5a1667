"""The options of the probe, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from audit.core.errors import InputError
from audit.core.settings import Settings

ASK = ("modality", "anatomy", "view", "presence")
_CONDITION = re.compile(r"[A-Za-z0-9_.:\-]{1,60}")


@dataclass(frozen=True)
class Options:
    """What to ask, and under which shifts.

    - `ask`: questions to build where the data brings none: modality, anatomy, view, and whether a finding is there.
    - `items`: questions asked about clean images, without images, and about the images of others; a seeded, stratified
      sample. 0 takes all.
    - `budget`: on how many of them corruptions are asked as well. With the defaults about 600 distinct questions: 24
      is safely above the 20 clusters below which nothing can pass.
    - `corruptions`: their names, () for a few that preserve meaning per modality (`per_modality` of them), "none" for
      none. `severities`: of 1 to 5.
    - `slices`: columns, or COLUMN=VALUE, whose values are compared with the rest.
    - `conditions`: further image conditions for which a file of answers is replayed.
    """

    ask: tuple[str, ...] = ASK
    items: int = 120
    budget: int = 24
    corruptions: tuple[str, ...] = ()
    per_modality: int = 3
    severities: tuple[int, ...] = (1, 3, 5)
    slices: tuple[str, ...] = ("view", "site", "vendor", "sex", "age")
    conditions: tuple[str, ...] = ()


def read_options(given: Mapping[str, object]) -> Options:
    """Options from a mapping (values as typed or as YAML has them). Raises `InputError` naming the key and what it may
    be."""
    told = Settings("shifts", given, tuple(field.name for field in fields(Options)))
    default = Options()
    severities = told.several("severities", tuple(map(str, default.severities)), ("1", "2", "3", "4", "5"))
    return Options(
        ask=told.several("ask", default.ask, ASK),
        items=told.whole("items", default.items, 0, 1_000_000),
        budget=told.whole("budget", default.budget, 0, 1_000_000),
        corruptions=_corruptions(told),
        per_modality=told.whole("per_modality", default.per_modality, 1, 50),
        severities=tuple(int(word) for word in severities),
        slices=tuple(_slice(word) for word in told.words("slices", default.slices) if word != "none"),
        conditions=_conditions(told),
    )


def _corruptions(told: Settings) -> tuple[str, ...]:
    names = told.words("corruptions", ())
    if names:
        from probes.shifts.corruptions.registry import CORRUPTIONS

        for name in names:
            if name not in CORRUPTIONS and names != ("none",):
                raise InputError(
                    f"Unknown corruption {name!r} in shifts.corruptions",
                    remedy=f"known: {', '.join(CORRUPTIONS)}, none",
                )
    return names


def _conditions(told: Settings) -> tuple[str, ...]:
    names = told.words("conditions", ())
    for name in names:
        if _CONDITION.fullmatch(name) is None or name == "clean":
            raise InputError(f"Expected shifts.conditions to name image conditions but got {name!r}")
    return names


def _slice(word: str) -> str:
    column, equals, value = word.partition("=")
    if not column.strip() or (equals and not value.strip()):
        raise InputError(f"Expected shifts.slices to hold COLUMN or COLUMN=VALUE but got {word!r}")
    return f"{column.strip().lower()}{equals}{value.strip()}"
