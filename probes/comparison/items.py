"""Questions from the rows of two answer files: which belong together, and what both files say about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.core.errors import InputError
from audit.core.observation import ModelRole
from audit.core.query import Option
from audit.data.answers import AnswerRow
from probes.parsing.markup import letters as phrase

_YES_NO = {"yes": "yes", "no": "no"}


@dataclass(frozen=True)
class File:
    """An answers file that was read: rows in its order."""

    role: ModelRole
    path: Path
    rows: tuple[AnswerRow, ...]

    def error(self, place: int, problem: str, remedy: str) -> InputError:
        """The error about the row at `place` (0-based among the rows), with its line in the file."""
        return InputError(problem, path=self.path, row=_line(self.path, place), remedy=remedy)


@dataclass(frozen=True)
class Question:
    """What is asked, as far as answers are judged by it.

    `target` is the right answer as a class: the text of the right option (or the right answer itself) in one case and
    without punctuation, so that options in another order or under other letters make no other class. `options` are
    those of the first row that offers any: what an answer is read against whose own row offers none.
    """

    id: str
    target: str
    cluster: str
    options: tuple[Option, ...] = ()
    slices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Matched:
    """The questions of two files by id. `only_model` and `only_base` are ids that the other file does not hold under
    the same condition and sample, in order of the file, each once."""

    questions: Mapping[str, Question]
    only_model: tuple[str, ...]
    only_base: tuple[str, ...]


def options_of(row: AnswerRow) -> tuple[Option, ...]:
    """The options of a row; yes and no where the target is one of them and nothing was offered."""
    given = row.options or (_YES_NO if (row.target or "").strip().casefold() in _YES_NO else {})
    if row.answer_type == "open":
        return ()
    return tuple(Option(label, text) for label, text in given.items())


def match(model: File, base: File) -> Matched:
    """Bring two files together. Raises `InputError` naming file and row where nothing matches, where neither file has
    the target of an id, or where they contradict each other about target or cluster."""
    known: dict[str, Question] = {}
    offered: dict[str, tuple[Option, ...]] = {}
    for row in (*model.rows, *base.rows):
        if row.id not in offered and options_of(row):
            offered[row.id] = options_of(row)
    for file in (model, base):
        for place, row in enumerate(file.rows):
            _note(known, file, place, row, offered.get(row.id, ()))
    _check_targets(known, (model, base))
    ours, theirs = ({row.place: row.id for row in file.rows} for file in (model, base))
    if not ours.keys() & theirs.keys():
        raise model.error(
            0, f"No id of this file (the first: {model.rows[0].id!r}) stands in {base.path} under the same condition",
            "both files need the same ids",
        )  # fmt: skip
    return Matched(
        known,
        tuple(dict.fromkeys(name for place, name in ours.items() if place not in theirs)),
        tuple(dict.fromkeys(name for place, name in theirs.items() if place not in ours)),
    )


def _note(known: dict[str, Question], file: File, place: int, row: AnswerRow, offered: tuple[Option, ...]) -> None:
    """Add what a row says about its question to what is known of it."""
    target = "" if row.target is None else _target(file, place, row, options_of(row) or offered)
    before = known.get(row.id, Question(row.id, target, row.cluster or "", offered))
    for what, here, there in (("right answer to", target, before.target), ("cluster of", row.cluster, before.cluster)):
        if here and there and here != there:
            raise file.error(place, f"The {what} {row.id!r} is {here!r} here and {there!r} elsewhere",
                             "correct one of them")  # fmt: skip
    slices = {f"slice.{name}": value for name, value in row.slice.items() if value}
    known[row.id] = replace(
        before,
        target=before.target or target,
        cluster=before.cluster or row.cluster or "",
        slices={**slices, **before.slices},
    )


def _target(file: File, place: int, row: AnswerRow, options: Sequence[Option]) -> str:
    """The class of the right answer: an option's text, found by its label or its text."""
    wanted = str(row.target).strip()
    by_label = [option for option in options if option.label.casefold() == wanted.casefold()]
    exact = [option for option in options if option.label == wanted] or by_label
    found = exact or [option for option in options if phrase(option.text) == phrase(wanted)]
    if options and len(found) != 1:
        offered = ", ".join(option.label for option in options)
        raise file.error(place, f"The target {wanted!r} of {row.id!r} is none of its options ({offered})",
                         "give the label or the text of an option")  # fmt: skip
    made = phrase(found[0].text if options else wanted)
    if not made:
        raise file.error(place, f"The target {wanted!r} of {row.id!r} holds no letter or digit", "give it in words")
    return made


def _check_targets(known: dict[str, Question], files: Sequence[File]) -> None:
    for file in files:
        for place, row in enumerate(file.rows):
            if not known[row.id].target:
                raise file.error(place, f"Neither file says what is right for {row.id!r}",
                                 "give the rows of one file a target, or compare with --data")  # fmt: skip
    for name, question in known.items():
        if not question.cluster:
            known[name] = replace(question, cluster=name)


def _line(path: Path, place: int) -> int:
    """The line (1-based) of the row at `place`: blank lines hold no row."""
    lines = (number for number, line in _lines(path) if line.strip(b" \t\r\n\xef\xbb\xbf"))
    return next((number for count, number in enumerate(lines) if count == place), place + 1)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stream:
        yield from enumerate(stream, 1)
