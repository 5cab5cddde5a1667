"""Requests beyond those of the probe itself: its controls, and the system prompt of the deployed product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.core.errors import InputError
from audit.core.item import CLEAN, Request
from audit.core.probe import Control
from audit.core.query import Message, Query
from audit.models.control import blind, neutral, shuffled

if TYPE_CHECKING:
    import numpy as np

LONGEST_SYSTEM_PROMPT = 100_000


def control_condition(condition: str, control: str) -> str:
    """The name of a control of a condition: "blind", "uniform+blind"."""
    return control if condition == CLEAN else f"{condition}+{control}"


def control_requests(
    requests: Sequence[Request], controls: Sequence[Control], rng: np.random.Generator, *, pictures: bool = True
) -> tuple[Request, ...]:
    """The requests of all controls that are asked (`constant` is computed): same items, other pictures or none.

    `pictures=False` changes the names of the conditions only: enough where answers are looked up, and possible
    without the images.
    """
    made: list[Request] = []
    for control in controls:
        if control.name == "constant":
            continue
        for condition in dict.fromkeys(request.condition for request in requests):
            if control.clean_only and condition != CLEAN:
                continue
            here = [request for request in requests if request.condition == condition]
            queries = [request.query for request in here]
            if pictures:
                queries = _transform(control, queries, rng)
            name = control_condition(condition, control.name)
            made += [
                replace(request, query=query, condition=name) for request, query in zip(here, queries, strict=True)
            ]
    return tuple(made)


def _transform(control: Control, queries: list[Query], rng: np.random.Generator) -> list[Query]:
    if control.name == "shuffled":
        return shuffled(queries, rng)
    change = blind if control.name == "blind" else neutral
    return [change(query) for query in queries]


def read_system_prompt(path: Path | None) -> str | None:
    """The text of `--system-prompt`, or None. Raises `InputError` for a file that is empty, too long or not UTF-8."""
    if path is None:
        return None
    try:
        text = path.read_text("utf-8").strip()
    except OSError as error:
        raise InputError(f"The system prompt cannot be read: {error.strerror}", path=path) from error
    except UnicodeDecodeError as error:
        raise InputError("The system prompt is not UTF-8 text", path=path, remedy="save it as UTF-8") from error
    if not text or len(text) > LONGEST_SYSTEM_PROMPT:
        raise InputError(f"Expected a system prompt of 1 to {LONGEST_SYSTEM_PROMPT} characters", path=path)
    return text


def with_system_prompt(requests: Sequence[Request], text: str | None) -> tuple[Request, ...]:
    """The requests with `text` as the first words of the system message."""
    if text is None:
        return tuple(requests)
    return tuple(replace(request, query=_prompted(request.query, text)) for request in requests)


def _prompted(query: Query, text: str) -> Query:
    head, *rest = query.messages
    if head.role == "system":
        return query.with_messages((Message("system", (f"{text}\n\n{head.text}",)), *rest))
    return query.with_messages((Message("system", (text,)), *query.messages))
