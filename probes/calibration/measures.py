"""What is concluded: calibration error, over-confidence, Brier score, and how often an answer was refused."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.core.item import CLEAN
from audit.core.measure import Measure, Row, share
from audit.core.observation import ModelRole, Observation
from audit.stats.calibration import COLUMNS, CalibrationError, bins_for, equal_mass
from probes.calibration.answers import BRIER, CONFIDENCE, NAME

FEWEST = 20
"""Below so many answers with probabilities nothing is said about calibration."""


@dataclass(frozen=True)
class Ranged(Measure):
    """A statistic with a largest value."""

    largest: float = 1.0

    @property
    def span(self) -> float:
        """The largest value."""
        return self.largest


@dataclass(frozen=True)
class Bins:
    """The bins of each model's confidences under one condition, and what each cluster holds in each bin."""

    count: int
    edges: Mapping[ModelRole, Sequence[float]]
    sums: Mapping[tuple[ModelRole, int, str], tuple[float, float]]

    @classmethod
    def of(cls, rows: Sequence[Observation]) -> Bins:
        """Equally many answers of a model in each of its bins; as many bins as its fewest answers allow."""
        roles: dict[ModelRole, list[Observation]] = defaultdict(list)
        for row in rows:
            roles[row.model].append(row)
        count = bins_for(min(map(len, roles.values())))
        edges = {role: equal_mass([confidence(row) for row in own], count).tolist() for role, own in roles.items()}
        sums: dict[tuple[ModelRole, int, str], tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
        made = cls(count, edges, sums)
        for row in rows:
            key = row.model, made.place(row), row.cluster
            answers, off = sums[key]
            sums[key] = answers + 1, off + (row.value or 0.0) - confidence(row)
        return made

    def place(self, row: Observation) -> int:
        """The bin of an observation."""
        from bisect import bisect_left

        return bisect_left(self.edges[row.model], confidence(row))

    def row(self, seen: Observation) -> Sequence[float] | None:
        """The columns of `CalibrationError`: of the squares of its cluster's sums an observation holds its part."""
        if CONFIDENCE not in seen.tags or seen.model not in self.edges:
            return None
        place = self.place(seen)
        answers, off = self.sums.get((seen.model, place, seen.cluster), (0.0, 0.0))
        if not answers:
            return None
        numbers = [0.0] * (COLUMNS * self.count)
        own = (1.0, (seen.value or 0.0) - confidence(seen), off**2 / answers, answers)
        numbers[COLUMNS * place : COLUMNS * (place + 1)] = own
        return numbers


def confidence(row: Observation) -> float:
    """The probability of the option that was chosen."""
    return float(row.tags[CONFIDENCE])


def measures_of(rows: Sequence[Observation], refusals: Sequence[Observation], tags: Mapping[str, str]) -> list[Measure]:
    """All measures: of observations made by `with_probabilities`, each condition for itself, and of clean, strict ones
    that may be refusals. `tags` tell what they are about."""
    conditions = dict.fromkeys(row.condition for row in rows)
    made = [measure for condition in conditions for measure in _of_condition(rows, condition, tags)]
    if refusals:
        made.append(Measure(f"{NAME}.refusal_rate", "Answers refused", "Answers refused: {value}.", refused_row, share,
                            direction="lower", tags=dict(tags)))  # fmt: skip
    return made


def enough(rows: Sequence[Observation]) -> list[Observation]:
    """The observations of models that have enough of them."""
    counts = Counter(row.model for row in rows)
    return [row for row in rows if counts[row.model] >= FEWEST]


def _of_condition(rows: Sequence[Observation], condition: str, tags: Mapping[str, str]) -> Iterator[Measure]:
    own = enough([row for row in rows if row.condition == condition])
    if not own:
        return
    bins = Bins.of(own)
    name = condition.partition(":")[2]
    tags, how = {**tags, **({"condition": name} if name else {})}, f" ({name})" if name else ""
    yield Ranged(
        f"{NAME}.ece", f"Calibration error{how}",
        f"Confidence misses the share of right answers by {{value}}, root mean square over {bins.count} bins of "
        "equally many answers, the bias of few answers taken off.",
        bins.row, CalibrationError(bins.count), condition=condition, kind="statistic", direction="lower", null=0.0,
        tags=tags,
    )  # fmt: skip
    yield Ranged(
        f"{NAME}.overconfidence", f"Mean confidence less share of right answers{how}",
        "Mean confidence exceeds the share of right answers by {value} (below 0: it falls short of it).",
        overconfidence_row, share, condition=condition, kind="statistic", direction="none", null=0.0, tags=tags,
    )  # fmt: skip
    yield Ranged(
        f"{NAME}.brier", f"Brier score{how} (score)",
        "Squared distance between the probabilities and what is right, 0 at best and 2 at worst: {value}.",
        brier_row, share, condition=condition, kind="statistic", direction="lower", tags=tags, largest=2.0,
    )  # fmt: skip


def _tagged(name: str, minus_value: float) -> Row:
    def row(seen: Observation) -> tuple[float, float] | None:
        if name not in seen.tags or seen.value is None:
            return None
        return float(seen.tags[name]) - minus_value * seen.value, 1.0

    return row


overconfidence_row, brier_row = _tagged(CONFIDENCE, 1.0), _tagged(BRIER, 0.0)


def refused_row(seen: Observation) -> tuple[float, float] | None:
    """(was refused, 1)."""
    return None if seen.value is None or seen.outcome == "error" else (float(seen.outcome == "refused"), 1.0)


def is_clean(row: Observation) -> bool:
    """Whether an observation may be a refusal that counts: clean and strict."""
    return row.scoring == "strict" and row.condition == CLEAN
