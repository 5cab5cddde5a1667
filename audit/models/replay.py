"""`replay:FILE`: answers that exist already, looked up by item id, condition and sample."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.item import Request
from audit.core.model import Capability
from audit.core.query import Query
from audit.data.answers import AnswerRow, read_answers
from audit.models.letters import MISSING
from audit.models.reasoning import Pattern, reasoning_pattern, split_reasoning
from audit.models.spec import Spec

VERSION = 1


@dataclass(frozen=True)
class Match:
    """Requests and rows of a file, brought together.

    `answers` has one entry per request. `missing_ids` are items asked under a condition that the file has but for
    which it has no row, `unmatched_ids` ids of the file none of whose rows was asked for, `lacking` the conditions
    asked for that the file has not. Ids are in order of first appearance, each once.
    """

    answers: tuple[Answer | None, ...]
    missing_ids: tuple[str, ...] = ()
    unmatched_ids: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def match(requests: Sequence[Request], rows: Sequence[AnswerRow], pattern: Pattern | None = None) -> Match:
    """Look requests up among rows by (id, condition, sample). Give all requests of a run together: what one probe
    does not ask for may be another's."""
    by_place = {row.place: row for row in rows}
    conditions = {row.condition for row in rows}
    found = [by_place.get(request.place) for request in requests]
    used = {row.id for row in found if row is not None}
    pairs = list(zip(requests, found, strict=True))
    missing = (r.item.id for r, row in pairs if row is None and r.condition in conditions)
    return Match(
        answers=tuple(None if row is None else to_answer(row, request.query, pattern) for request, row in pairs),
        missing_ids=tuple(dict.fromkeys(missing)),
        unmatched_ids=tuple(dict.fromkeys(row.id for row in rows if row.id not in used)),
        lacking=tuple(dict.fromkeys(r.condition for r in requests if r.condition not in conditions)),
    )


def to_answer(row: AnswerRow, query: Query, pattern: Pattern | None = None) -> Answer:
    """The answer that a row holds.

    Log-probabilities of labels that the query does not offer are left out; for `choose` the rest is normalised.
    Notes: "key_differs" (the row was made for another query), "options_differ" (it gives other texts to the labels),
    "unknown_labels", "logprobs_missing" (a `choose` that was answered by text).
    """
    split = split_reasoning(row.answer, pattern)
    status = row.status or ("ok" if split.closed else "truncated")
    labels = [option.label for option in query.options]
    known = {label: row.option_logprobs[label] for label in labels if label in row.option_logprobs}
    notes = [
        ("key_differs", row.key is not None and row.key != query.digest),
        ("options_differ", any(row.options.get(option.label, option.text) != option.text for option in query.options)),
        ("unknown_labels", len(known) < len(row.option_logprobs)),
        (MISSING, query.how == "choose" and not known),
    ]
    return Answer(
        text=split.answer,
        status=status,
        option_logprobs=_normalised(known) if query.how == "choose" else known,
        reasoning=split.reasoning,
        notes=tuple(name for name, holds in notes if holds),
        detail="the answers file records an error" if status == "error" else "",
    )


def _normalised(logprobs: Mapping[str, float]) -> dict[str, float]:
    if not logprobs:
        return {}
    top = max(logprobs.values())
    total = top + math.log(math.fsum(math.exp(value - top) for value in logprobs.values()))
    return {label: value - total for label, value in logprobs.items()}


def open_replay(spec: Spec) -> Replay:
    """The answers in the file that the spec names. Raises `InputError` for a file that cannot be used."""
    spec.only("answer_pattern")
    path = Path(spec.target).expanduser()
    if not path.is_file():
        raise InputError("No such file of answers", path=path, remedy="replay:FILE names a file of JSON lines")
    return Replay(spec, path)


class Replay:
    """A lookup over one answers file, read when it is opened."""

    def __init__(self, spec: Spec, path: Path) -> None:
        self.spec = spec.text
        self._pattern_name = spec.settings.get("answer_pattern", "think")
        self._pattern = None if self._pattern_name == "none" else reasoning_pattern(self._pattern_name)
        self.path = path
        self.rows = read_answers(path)

    @property
    def capabilities(self) -> frozenset[Capability]:
        """`generate`, and `choose` too, for a text can be read against the options; `likelihood` where rows carry
        log-probabilities."""
        texts: frozenset[Capability] = frozenset({"generate", "choose"})
        return texts | {"likelihood"} if any(row.option_logprobs for row in self.rows) else texts

    @cached_property
    def fingerprint(self) -> Mapping[str, Json]:
        """The sha256 of the file's bytes."""
        return {
            "adapter": "replay",
            "version": VERSION,
            "sha256": hashlib.sha256(self.path.read_bytes()).hexdigest(),
            "answer_pattern": self._pattern_name,
        }

    def conditions(self) -> frozenset[str]:
        """Conditions that occur in the file."""
        return frozenset(row.condition for row in self.rows)

    def look_up(self, requests: Sequence[Request]) -> tuple[Answer | None, ...]:
        """One answer per request, None where the file has none."""
        return self.match(requests).answers

    def match(self, requests: Sequence[Request]) -> Match:
        """The answers, and which ids are missing or match nothing."""
        return match(requests, self.rows, self._pattern)
