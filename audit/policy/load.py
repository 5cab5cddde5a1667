"""From a policy file to a checked `Policy`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

from audit.core.observation import Scoring
from audit.policy.document import Value, read_document
from audit.policy.policy import POLICY_SCHEMA, Endpoint, EndpointComparison, EndpointDirection, Policy

DEFAULT_POLICY = Path(__file__).with_name("default.yaml")

_PolicyField = str | int | float | tuple[str, ...] | tuple[Endpoint, ...] | Mapping[str, float]


def read_policy(path: Path | None = None) -> Policy:
    """The policy of a YAML file, missing keys filled from the default policy; the default policy for None.

    A `primary` or `required_probes` list that is given replaces the default one; `margins` are merged key by key.
    Raises `InputError` naming file, line, key and what is allowed.
    """
    known = _fields(read_document(DEFAULT_POLICY))
    if path is not None:
        given = _fields(read_document(path))
        margins = {**_margins_of(known), **_margins_of(given)}
        name = given.get("name", path.stem)
        known = {**known, **given, "margins": margins, "name": name}
    return Policy(**known)  # type: ignore[arg-type]


def _fields(document: Value) -> dict[str, _PolicyField]:
    members = _mapping(document, "a mapping of keys such as 'alpha: 0.025'")
    _known(document, (*_FIELDS, "schema"))
    if "schema" in members and members["schema"].content != POLICY_SCHEMA:
        raise members["schema"].wrong(repr(POLICY_SCHEMA))
    return {key: _FIELDS[key](value) for key, value in members.items() if key != "schema"}


def _margins_of(fields: Mapping[str, _PolicyField]) -> Mapping[str, float]:
    margins = fields.get("margins", {})
    assert isinstance(margins, Mapping)
    return margins


def _known(value: Value, allowed: tuple[str, ...]) -> None:
    for key, line in value.key_lines.items():
        if key not in allowed:
            where = f" of {value.key!r}" if value.key else ""
            raise value.error(f"Unknown key {key!r}{where}; allowed: {', '.join(sorted(allowed))}", line)


def _mapping(value: Value, expected: str) -> dict[str, Value]:
    if not isinstance(value.content, dict):
        raise value.wrong(expected) if value.key else value.error(f"Expected {expected}")
    return value.content


def _list(value: Value) -> list[Value]:
    if not isinstance(value.content, list):
        raise value.wrong("a list")
    return value.content


def _text(value: Value) -> str:
    if not isinstance(value.content, str) or not value.content.strip():
        raise value.wrong("text that is not empty")
    return value.content


def _number(value: Value, expected: str) -> float:
    number = value.content
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise value.wrong(expected)
    return float(number)


def _between(low: float, high: float) -> Callable[[Value], float]:
    """A number strictly inside an open interval."""
    expected = f"a number above {low:g} and below {high:g}"

    def read(value: Value) -> float:
        number = _number(value, expected)
        if not low < number < high:
            raise value.wrong(expected)
        return number

    return read


def _share(value: Value) -> float:
    expected = "a number from 0 to 1"
    number = _number(value, expected)
    if not 0 <= number <= 1:
        raise value.wrong(expected)
    return number


def _whole(low: int, high: int) -> Callable[[Value], int]:
    expected = f"a whole number from {low} to {high}"

    def read(value: Value) -> int:
        number = value.content
        if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
            raise value.wrong(expected)
        return number

    return read


def _margins(value: Value) -> dict[str, float]:
    members = _mapping(value, "a mapping of metrics to margins")
    for key, line in value.key_lines.items():
        if key != "default" and not _is_metric(key):
            raise value.error(f"Expected 'default' or a metric (probe.name) but got {key!r}", line)
    return {key: _between(0, math.inf)(member) for key, member in members.items()}


def _probes(value: Value) -> tuple[str, ...]:
    return tuple(_text(item) for item in _list(value))


def _primary(value: Value) -> tuple[Endpoint, ...]:
    endpoints = tuple(_endpoint(item) for item in _list(value))
    seen: set[tuple[object, ...]] = set()
    for item, end in zip(_list(value), endpoints, strict=True):
        what = (end.metric, end.scoring, end.comparison, tuple(sorted(end.tags.items())))
        if what in seen:
            raise item.error(f"The endpoint {item.key!r} repeats an earlier one")
        seen.add(what)
    return endpoints


def _endpoint(value: Value) -> Endpoint:
    members = _mapping(value, "a mapping with metric, scoring, comparison, direction and threshold")
    _known(value, ("metric", "scoring", "comparison", "tags", "threshold", "direction"))
    for key in ("metric", "direction"):
        if key not in members:
            raise value.error(f"The endpoint {value.key!r} has no {key!r}")
    metric = _text(members["metric"])
    if not _is_metric(metric):
        raise members["metric"].wrong("a metric, such as medobvious.sensitivity,")
    comparison = _choice(members.get("comparison"), get_args(EndpointComparison), "absolute")
    threshold = _number(members["threshold"], "a number") if "threshold" in members else None
    if comparison == "vs_base" and threshold is not None:
        raise members["threshold"].error(
            "A comparison with the base has no threshold; its limit is set under 'margins'"
        )
    if comparison == "absolute" and threshold is None:
        raise value.error(f"The endpoint {value.key!r} has no 'threshold'")
    return Endpoint(
        metric=metric,
        scoring=_choice(members.get("scoring"), [s for s in get_args(Scoring) if s != "control"], "strict"),  # type: ignore[arg-type]
        comparison=comparison,  # type: ignore[arg-type]
        direction=_choice(members["direction"], get_args(EndpointDirection), ""),  # type: ignore[arg-type]
        threshold=threshold,
        tags=_tags(members.get("tags")),
    )


def _tags(value: Value | None) -> dict[str, str]:
    members = {} if value is None else _mapping(value, "a mapping of tags to text")
    return {key: _text(member) for key, member in members.items()}


def _choice(value: Value | None, allowed: list[str] | tuple[str, ...], default: str) -> str:
    if value is None:
        return default
    if value.content not in allowed:
        raise value.wrong("one of " + ", ".join(allowed))
    return str(value.content)


def _is_metric(text: str) -> bool:
    probe, dot, name = text.partition(".")
    return bool(probe and dot and name) and not any(character.isspace() for character in text)


_FIELDS: dict[str, Callable[[Value], _PolicyField]] = {
    "name": _text,
    "alpha": _between(0, 0.5),
    "equivalence_alpha": _between(0, 0.5),
    "fdr": _between(0, 0.5),
    "power": _between(0.5, 1),
    "ci_level": _between(0.5, 1),
    "resamples": _whole(1000, 1_000_000),
    "min_clusters": _whole(2, 1_000_000),
    "max_unusable_share": _share,
    "margins": _margins,
    "required_probes": _probes,
    "primary": _primary,
}
