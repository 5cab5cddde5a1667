"""The options of the probe, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from audit.core.errors import InputError

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
    known = [field.name for field in fields(Options)]
    for key in given:
        if key not in known:
            raise InputError(f"Unknown option shifts.{key}", remedy=f"known: {', '.join(known)}")
    default = Options()
    ask = _words(given, "ask", default.ask)
    if not ask or any(word not in ASK for word in ask):
        raise InputError(f"Expected shifts.ask to be some of {', '.join(ASK)} but got {given['ask']!r}")
    severities = _words(given, "severities", tuple(map(str, default.severities)))
    if not severities or any(word not in ("1", "2", "3", "4", "5") for word in severities):
        raise InputError(f"Expected shifts.severities to be some of 1, 2, 3, 4, 5 but got {given['severities']!r}")
    return Options(
        ask=tuple(word for word in ASK if word in ask),
        items=_whole(given, "items", default.items, 0),
        budget=_whole(given, "budget", default.budget, 0),
        corruptions=_corruptions(given),
        per_modality=_whole(given, "per_modality", default.per_modality, 1, 50),
        severities=tuple(sorted({int(word) for word in severities})),
        slices=tuple(_slice(word) for word in _words(given, "slices", default.slices) if word != "none"),
        conditions=_conditions(given),
    )


def _corruptions(given: Mapping[str, object]) -> tuple[str, ...]:
    names = _words(given, "corruptions", ())
    if names:
        from probes.shifts.corruptions.registry import CORRUPTIONS

        for name in names:
            if name not in CORRUPTIONS and names != ("none",):
                raise InputError(
                    f"Unknown corruption {name!r} in shifts.corruptions",
                    remedy=f"known: {', '.join(CORRUPTIONS)}, none",
                )
    return names


def _conditions(given: Mapping[str, object]) -> tuple[str, ...]:
    names = _words(given, "conditions", ())
    for name in names:
        if _CONDITION.fullmatch(name) is None or name == "clean":
            raise InputError(f"Expected shifts.conditions to name image conditions but got {name!r}")
    return names


def _slice(word: str) -> str:
    column, equals, value = word.partition("=")
    if not column.strip() or (equals and not value.strip()):
        raise InputError(f"Expected shifts.slices to hold COLUMN or COLUMN=VALUE but got {word!r}")
    return f"{column.strip().lower()}{equals}{value.strip()}"


def _whole(given: Mapping[str, object], key: str, default: int, low: int, high: int = 1_000_000) -> int:
    value = given.get(key, default)
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not low <= int(text[:12]) <= high:
        raise InputError(f"Expected shifts.{key} to be a whole number, {low} to {high}, but got {value!r}")
    return int(text)


def _words(given: Mapping[str, object], key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """A comma-separated text or a list, blanks dropped, none twice."""
    value = given.get(key, default)
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
    return tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))
