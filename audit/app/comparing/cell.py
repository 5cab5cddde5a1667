"""One cell of a comparison: two answer files, read, matched and judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from audit.app.calibrating import Calibrated, refusable
from audit.app.comparing.config import CellSpec
from audit.app.comparing.section import Questions
from audit.core.answer import Answer
from audit.core.canonical import Json
from audit.core.errors import InputError
from audit.core.item import CLEAN, Request
from audit.core.observation import ModelRole
from audit.models.replay import Replay
from audit.models.table import open_model
from audit.policy.words import counted
from probes.comparison.items import File, Matched, match
from probes.comparison.measures import MOST_VALUES, SLICE, Wanted, sliced, why_no_classes
from probes.comparison.observe import observations_of, request_of, sure_of

SHOWN = 5


@dataclass(frozen=True)
class Said:
    """What one file says: the requests that its rows answer, and the answers."""

    requests: tuple[Request, ...]
    answers: tuple[Answer | None, ...]

    @property
    def n_errors(self) -> int:
        """Rows that record an error: missing data."""
        return sum(answer is not None and answer.status == "error" for answer in self.answers)


@dataclass(frozen=True)
class Compared:
    """A cell with everything that was read."""

    spec: CellSpec
    models: Mapping[ModelRole, Replay]
    matched: Matched
    said: Mapping[ModelRole, Said]
    questions: Questions

    @cached_property
    def calibrated(self) -> Calibrated:
        """How sure both models were, and what they refused."""
        sure = tuple(
            row
            for role, given in self.said.items()
            for row in sure_of(role, self.matched.questions, given.requests, given.answers)
        )
        return Calibrated(sure, tuple(refusable(self.questions.observations)), self.questions.wanted.tags)

    @property
    def n_missing(self) -> int:
        """Answers that one model gave and the other did not, and rows that record an error."""
        unmatched = len(self.matched.only_model) + len(self.matched.only_base)
        return unmatched + sum(said.n_errors for said in self.said.values())

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What a reader has to know: ids without a partner, errors, metrics that are not defined here."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[str]:
        matched = self.matched
        both = len(matched.questions) - len({*matched.only_model, *matched.only_base})
        yield f"{counted(both, 'item')} answered by both models."
        for ids, whose, other in ((matched.only_model, "model", "base"), (matched.only_base, "base", "model")):
            if ids:
                have = "has" if len(ids) == 1 else "have"
                yield f"{named(ids)} of the {whose}'s file {have} no answer of the {other}: left out of every pair."
        for role, said in self.said.items():
            if said.n_errors:
                yield f"{said.n_errors:,} answers of the {role} are recorded as errors: missing data."
        clean = [row for row in self.questions.observations if row.scoring == "strict" and row.condition == CLEAN]
        for column, values in sliced(clean).items():
            if len(values) > MOST_VALUES:
                yield f"{column.removeprefix(SLICE)} has {len(values)} values: not compared as slices."
        why = why_no_classes(clean)
        lacking = [name for name in self.questions.wanted.metrics if name != "accuracy"]
        if why and lacking:
            yield f"Not assessed: {', '.join(lacking)} ({why})."

    def plain(self) -> dict[str, Json]:
        """The cell for the record of the run."""
        return {
            "name": self.spec.name,
            "pair": self.spec.pair,
            "n_items": len(self.matched.questions),
            "only_model": len(self.matched.only_model),
            "only_base": len(self.matched.only_base),
            **{role: {"spec": m.spec, "fingerprint": dict(m.fingerprint)} for role, m in self.models.items()},
        }


def read_cell(spec: CellSpec, wanted: Wanted) -> Compared:
    """Read both files of a cell. Raises `InputError` naming file and row."""
    models: dict[ModelRole, Replay] = {"model": _opened(spec.model), "base": _opened(spec.base)}
    files = {role: File(role, model.path, model.rows) for role, model in models.items()}
    matched = match(files["model"], files["base"])
    said = {role: _said(model, matched) for role, model in models.items()}
    observations = tuple(
        row
        for role, given in said.items()
        for row in observations_of(role, matched.questions, given.requests, given.answers)
    )
    return Compared(spec, models, matched, said, Questions(spec.name, observations, wanted))


def _opened(spec: str) -> Replay:
    model = open_model(spec)
    if not isinstance(model, Replay):
        raise InputError(
            f"Without --data only answers that exist can be compared, but {model.spec!r} is no file of answers",
            remedy="name the data with --data, or a file with replay:FILE",
        )
    return model


def _said(model: Replay, matched: Matched) -> Said:
    requests = tuple(request_of(row, matched.questions[row.id]) for row in model.rows)
    return Said(requests, model.look_up(requests))


def named(ids: tuple[str, ...], most: int = SHOWN) -> str:
    """ "3 ids (a, b, c)", the first few by name."""
    shown = ", ".join(ids[:most]) + (", …" if len(ids) > most else "")
    return f"{len(ids):,} {'id' if len(ids) == 1 else 'ids'} ({shown})"
