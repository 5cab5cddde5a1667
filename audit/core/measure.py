"""A measure: how observations become one number, so that statistics can be done the same way for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from audit.core.item import CLEAN
from audit.core.observation import Observation, Scoring

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]

Direction = Literal["higher", "lower", "none"]
Row = Callable[[Observation], Sequence[float] | None]


@dataclass(frozen=True)
class Measure:
    """A statistic of *totals*: rows of numbers are summed per cluster, and the value is a function of the sums.

    `row` maps an observation to its numbers (shape (k,)), or to None where it does not enter. `statistic` maps
    totals of shape (..., k) to values of shape (...), vectorised, NaN where undefined. A share of items is
    `kind="proportion"` with rows (value, 1): it gets the Korn-Graubard interval; anything else ("statistic")
    gets BCa. Observations are taken of `scoring` and `condition`, and of every model role alike.

    `metric` is "probe.name"; `title` a short heading; `words` a sentence with `{value}` (natural frequency or number
    with
    interval, filled in by the report); `direction` which way is better; `null` the value that chance reaches,
    where there is one. `needs_vision` has the comparison with a control that sees nothing say whether the questions
    test vision at all. `tags` are part of the finding's identity. `against` names conditions (controls)
    whose score under the same row is compared with this one (`vs_control`); `headline` measures lead the report.
    `parts` declares a statistic that is a weighted sum of shares, as (column of the numerator, column of the
    denominator, weight): it then has an interval even where too few clusters vary to resample.
    `among` names a tag and its value, without which no observation enters: with many measures over the parts of one
    condition, each finds its own at once.
    """

    metric: str
    title: str
    words: str
    row: Row
    statistic: Statistic
    scoring: Scoring = "strict"
    condition: str = CLEAN
    kind: Literal["proportion", "statistic"] = "proportion"
    direction: Direction = "higher"
    null: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    against: tuple[str, ...] = ()
    headline: bool = False
    needs_vision: bool = False
    parts: tuple[tuple[int, int, float], ...] = ()
    among: tuple[str, str] | None = None

    @property
    def span(self) -> float:
        """The width of the range that the value can have, and so the largest difference of two values: 1 for a share,
        the sum of the absolute weights for a declared sum of shares, else infinite."""
        if self.kind == "proportion":
            return 1.0
        return sum(abs(weight) for _, _, weight in self.parts) or float("inf")


def share(totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """The ratio of the first total to the second, NaN where the second is 0: a proportion."""
    import numpy as np

    numerator, denominator = totals[..., 0], totals[..., 1]
    safe = np.where(denominator == 0, 1.0, denominator)
    return np.asarray(np.where(denominator == 0, np.nan, numerator / safe), dtype=np.float64)


_WORDS = {"delta": "difference", "youden_j": "Youden's J", "macro_f1": "macro-F1"}


def metric_words(metric: str) -> str:
    """A metric's own name as words: "medobvious.false_alarm_rate" is "false alarm rate"."""
    own = metric.rpartition(".")[2]
    return _WORDS.get(own, own.replace("_", " "))
