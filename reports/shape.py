"""Whether plain data has the shape that a type describes: typed dictionaries, lists, literals, unions."""

from __future__ import annotations

import math
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict


def mismatches(value: object, hint: Any, place: str = "digest") -> Iterator[str]:
    """Sentences naming each place where `value` is not a `hint`; none where it fits.

    A whole number is a fine `float`, a truth value is no number, NaN and infinities fit nothing, and a key that the
    type does not know is a mismatch.
    """
    if is_typeddict(hint):
        yield from _members(value, hint, place)
        return
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        if all(next(mismatches(value, arg, place), None) for arg in args):
            yield _expected(place, hint, value)
    elif origin is Literal:
        if value not in args:
            yield _expected(place, " or ".join(map(repr, args)), value)
    elif origin is list:
        yield from _elements(value, args[0], place)
    elif origin is dict:
        yield from _values(value, args, place)
    elif hint is not Any and not _is_a(value, hint):
        yield _expected(place, getattr(hint, "__name__", hint), value)


def _members(value: object, hint: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _expected(place, "a mapping", value)
        return
    hints = _hints(hint)  # without the marks of keys that may be absent
    for key in hint.__required_keys__ - value.keys():
        yield f"{place}.{key} is missing"
    for key in value.keys() - hints.keys():
        yield f"{place}.{_short(key)} is not known"
    for key in hints.keys() & value.keys():
        yield from mismatches(value[key], hints[key], f"{place}.{key}")


def _elements(value: object, hint: Any, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _expected(place, "a list", value)
        return
    for index, element in enumerate(value):
        yield from mismatches(element, hint, f"{place}[{index}]")


def _values(value: object, args: tuple[Any, ...], place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield _expected(place, "a mapping", value)
        return
    for key, member in value.items():
        yield from mismatches(key, args[0], f"{place} key")
        yield from mismatches(member, args[1], f"{place}.{_short(key)}")


def _is_a(value: object, hint: Any) -> bool:
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is type(None):
        return value is None
    return isinstance(value, hint)


@cache
def _hints(hint: Any) -> dict[str, Any]:
    return get_type_hints(hint)


def _expected(place: str, what: object, value: object) -> str:
    return f"expected {place} to be {what} but got {_short(value)}"


def _short(value: object) -> str:
    text = str(value) if isinstance(value, str) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
