"""What a comparison concludes: one set of measures for answer files and for every audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.core.contrast import BetweenSlices
from audit.core.item import CLEAN
from audit.core.measure import Measure, Row, share
from audit.core.observation import Observation
from audit.stats.classes import balanced_accuracy, macro_f1
from probes.comparison.metrics import METRICS, NAME, Metric
from probes.comparison.pairing import CELLS, TOGETHER, cell_row, forgotten_row, learnt_row
from probes.comparison.scores import Classes, parsed_row, right_row

LIKELIHOOD = "likelihood"
OPEN = "open"
SLICE = "slice."
MOST_CLASSES = 100
FEWEST_PER_CLASS = 2
MOST_VALUES = 24


@dataclass(frozen=True)
class Bounded(Measure):
    """A statistic in [0, 1] that is no weighted sum of shares: differences reach from -1 to 1."""

    @property
    def span(self) -> float:
        """1."""
        return 1.0


@dataclass(frozen=True)
class Wanted:
    """What is asked of a comparison: its metrics, tags that tell this set of questions from others, and whether slices
    are compared."""

    metrics: tuple[Metric, ...] = METRICS
    tags: Mapping[str, str] = field(default_factory=dict)
    slices: bool = True

    @property
    def where(self) -> str:
        """What a title says about the set of questions."""
        return "".join(f", {value}" for value in self.tags.values())


def measures_of(observations: Sequence[Observation], wanted: Wanted) -> tuple[Measure, ...]:
    """All measures that the observations (with those of `pairing.together`) allow."""
    strict = [row for row in observations if row.scoring == "strict"]
    clean = [row for row in strict if row.condition == CLEAN]
    if not clean:
        return ()
    return (
        *_scores(clean, wanted, CLEAN, {}, ""),
        _share(wanted, "parse_rate", "Answers that could be read", "Answers that could be read: {value}.", parsed_row),
        *_published(observations, wanted),
        *_other_conditions(strict, wanted),
        *_both_models(strict, wanted),
        *(_slices(clean, wanted) if wanted.slices else ()),
    )


def why_no_classes(observations: Sequence[Observation]) -> str:
    """Why scores over classes are not defined for these (closed, strict) observations, "" where they are."""
    closed = [row for row in observations if not _is_open(row)]
    classes = Classes.of(closed)
    items = len({row.item for row in closed})
    if len(classes.names) < 2:
        return "the closed questions have fewer than two different right answers"
    if len(classes.names) > MOST_CLASSES or items < FEWEST_PER_CLASS * len(classes.names):
        return f"{items} closed questions have {len(classes.names)} different right answers: those are no classes"
    return ""


def _scores(
    rows: Sequence[Observation], wanted: Wanted, condition: str, tags: Mapping[str, str], how: str
) -> Iterator[Measure]:
    """The wanted metrics of one condition."""
    if "accuracy" in wanted.metrics:
        made = _share(wanted, "accuracy", f"Answers right{how}", f"Right answers{how}: {{value}}.", right_row, tags)
        yield replace(made, condition=condition, headline=not tags)
    if why_no_classes(rows):
        return
    classes = Classes.of([row for row in rows if not _is_open(row)])
    size = len(classes.names)
    if "balanced_accuracy" in wanted.metrics:
        yield Measure(
            f"{NAME}.balanced_accuracy", f"Balanced accuracy{how}{wanted.where}",
            f"Mean share of right answers over {size} classes{how} (balanced accuracy): {{value}}.",
            _closed(classes.recall_row), balanced_accuracy, condition=condition, kind="statistic", null=1 / size,
            parts=classes.parts, tags={**wanted.tags, **tags}, headline=not tags,
        )  # fmt: skip
    if "macro_f1" in wanted.metrics:
        yield Bounded(
            f"{NAME}.macro_f1", f"Macro-F1{how}{wanted.where}", f"Mean F1 over {size} classes{how}: {{value}}.",
            _closed(classes.table_row), macro_f1, condition=condition, kind="statistic",
            tags={**wanted.tags, **tags}, headline=not tags,
        )  # fmt: skip


def _published(observations: Sequence[Observation], wanted: Wanted) -> Iterator[Measure]:
    """Accuracy as published, where an answer has such a judgement of its own."""
    if "accuracy" in wanted.metrics and any(
        row.scoring == "published" and row.condition == CLEAN for row in observations
    ):
        made = _share(
            wanted, "accuracy", "Answers right, as published", "Right answers, scored as published: {value}.", right_row
        )
        yield replace(made, scoring="published")


def _other_conditions(strict: Sequence[Observation], wanted: Wanted) -> Iterator[Measure]:
    """By likelihood of the options: every metric. Under conditions that a file names: accuracy."""
    named = sorted({row.condition for row in strict} - {CLEAN, TOGETHER})
    for condition in named:
        rows = [row for row in strict if row.condition == condition]
        if condition == LIKELIHOOD:
            yield from _scores(rows, wanted, condition, {"way": LIKELIHOOD}, ", by likelihood of the options")
        else:
            only = replace(wanted, metrics=("accuracy",))
            yield from _scores(rows, only, condition, {"condition": condition}, f", condition {condition}")


def _both_models(strict: Sequence[Observation], wanted: Wanted) -> Iterator[Measure]:
    """The item-level 2 x 2 table, and what was forgotten and learnt."""
    paired = [row for row in strict if row.condition == TOGETHER]
    if not paired:
        return
    forgotten = _share(
        wanted, "forgetting", "Forgotten: right by the base model, not by the model",
        "Of what the base model answers right, the model does not: {value}.", forgotten_row,
    )  # fmt: skip
    learnt = _share(
        wanted, "learning", "Learnt: right by the model, not by the base model",
        "Of what the base model does not answer right, the model does: {value}.", learnt_row,
    )  # fmt: skip
    yield replace(forgotten, condition=TOGETHER, direction="lower")
    yield replace(learnt, condition=TOGETHER)
    for cell, text in CELLS.items():
        made = _share(wanted, "agreement", f"Answers with {text}", f"Answers with {text}: {{value}}.", cell_row(cell),
                      {"cell": cell})  # fmt: skip
        yield replace(made, condition=TOGETHER, direction="none")


def _slices(clean: Sequence[Observation], wanted: Wanted) -> Iterator[Measure]:
    """Accuracy in every slice (against the base: harm), and the difference from the rest (of the models: `did`)."""
    for column, values in sliced(clean).items():
        if not 1 < len(values) <= MOST_VALUES:
            continue
        for value in values:
            name = f"{column.removeprefix(SLICE)}={value}"
            yield _share(wanted, "accuracy", f"Answers right where {name}", f"Right answers where {name}: {{value}}.",
                         _inside(column, value), {"slice": name})  # fmt: skip
        for value in values if len(values) > 2 else values[:1]:  # of two, either is the other's rest
            name = f"{column.removeprefix(SLICE)}={value}"
            yield BetweenSlices(
                f"{NAME}.accuracy", f"Answers right where {name}, less the rest{wanted.where}", "", right_row, share,
                null=0.0, tags={**wanted.tags, "slice": name}, within=_side(column, value),
            )  # fmt: skip


def sliced(observations: Sequence[Observation]) -> dict[str, list[str]]:
    """The values of each column by which the questions are sliced."""
    values: dict[str, set[str]] = {}
    for row in observations:
        for name, value in row.tags.items():
            if name.startswith(SLICE):
                values.setdefault(name, set()).add(value)
    return {name: sorted(found) for name, found in sorted(values.items())}


def _share(
    wanted: Wanted, name: str, title: str, words: str, row: Row, tags: Mapping[str, str] | None = None
) -> Measure:
    return Measure(f"{NAME}.{name}", f"{title}{wanted.where}", words, row, share, tags={**wanted.tags, **(tags or {})})


def _is_open(row: Observation) -> bool:
    return row.tags.get("answer_type") == OPEN


def _closed(row: Row) -> Row:
    return lambda seen: None if _is_open(seen) else row(seen)


def _inside(column: str, value: str) -> Row:
    return lambda seen: right_row(seen) if seen.tags.get(column) == value else None


def _side(column: str, value: str) -> Callable[[Observation], bool | None]:
    return lambda seen: seen.tags[column] == value if column in seen.tags else None
