"""What is concluded: set and individual accuracy, confusion, invalid answers and position bias."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from audit.core.item import CLEAN
from audit.core.measure import Direction, Measure, Row, share
from audit.core.observation import Observation, Scoring
from probes.mediconfusion.opinions import FREE_FORM
from probes.mediconfusion.pairs import BOTH_ORDERS, ORDERS, is_pair
from probes.mediconfusion.rates import (
    confusion_row,
    difference,
    difference_row,
    in_category,
    invalid_row,
    of_images,
    of_pairs,
    position_row,
    positional_confusion_row,
    published_confusion_row,
    right_row,
)
from probes.mediconfusion.rows import GREEDY, GREEDY_SWAPPED, PREFIX, SWAPPED
from probes.mediconfusion.similarity import band

# Tags that mark findings of a condition; those of multiple choice in published order carry none.
CONDITIONS: Mapping[str, Mapping[str, str]] = {
    CLEAN: {},
    SWAPPED: {"order": "swapped"},
    GREEDY: {"way": "greedy"},
    GREEDY_SWAPPED: {"way": "greedy", "order": "swapped"},
    PREFIX: {"way": "prefix"},
    FREE_FORM: {"way": FREE_FORM},
    BOTH_ORDERS: {},
    f"greedy+{BOTH_ORDERS}": {"way": "greedy"},
}
_AS_ASKED = {
    CLEAN: "",
    SWAPPED: ", options swapped",
    GREEDY: ", greedy",
    GREEDY_SWAPPED: ", greedy, options swapped",
    PREFIX: ", by likelihood of the options",
    FREE_FORM: ", free form",
    BOTH_ORDERS: "",
    f"greedy+{BOTH_ORDERS}": ", greedy",
}
_PUBLISHED = (CLEAN, GREEDY, PREFIX, FREE_FORM)
FEWEST = 5
_CONTROLS = ("blind", "constant")
_CONFUSABLE = {"pairs": "confusable"}


@dataclass(frozen=True)
class View:
    """Observations of one condition and scoring, and what their findings are tagged and compared with."""

    condition: str
    scoring: Scoring
    observations: tuple[Observation, ...]
    against: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def confusable(self) -> tuple[Observation, ...]:
        """Those of confusable pairs and their images."""
        return tuple(row for row in self.observations if row.tags["pairs"] == "confusable")

    @property
    def has_easy(self) -> bool:
        """Whether there are easy control pairs beside confusable ones."""
        return 0 < len(self.confusable) < len(self.observations)


def measures_of(observations: Sequence[Observation]) -> tuple[Measure, ...]:
    """All measures that the observations (with the derived ones) allow, per condition and per scoring that makes sense
    of it: the published scoring never saw swapped options."""
    asked = {row.condition for row in observations}
    made: list[Measure] = []
    for condition, tags in CONDITIONS.items():
        prefix = "" if condition == CLEAN else f"{condition}+"
        against = tuple(prefix + name for name in _CONTROLS if prefix + name in asked)
        for scoring in ("published", "strict") if condition in _PUBLISHED else ("strict",):
            rows = tuple(row for row in observations if (row.condition, row.scoring) == (condition, scoring))
            if rows:
                view = View(condition, scoring, rows, against, tags)
                made += _of_orders(view) if condition in ORDERS else _of_condition(view)
    return tuple(made)


def _of_condition(view: View) -> Iterator[Measure]:
    if view.confusable:
        yield from _scores(view, _CONFUSABLE, {}, "")
    if view.has_easy:
        yield from _scores(view, {"pairs": "easy"}, {"pairs": "easy"}, " (easy pairs)")
        if view.scoring == "strict":
            yield _gap(view)
    for category in _categories(view.confusable) if view.scoring == "published" or view.condition == CLEAN else ():
        for measure in _scores(view, _CONFUSABLE, {"category": category}, f" ({category})"):
            yield replace(measure, row=in_category(measure.row, category))
    if view.scoring == "strict" and view.condition == CLEAN:
        yield from _by_similarity(view)


def _scores(view: View, kind: Mapping[str, str], tags: Mapping[str, str], where: str) -> Iterator[Measure]:
    """The four scores of one kind of pairs; those without tags of their own lead and are compared with controls."""
    published = view.scoring == "published"
    made = (
        _measure(
            view, "set_accuracy", f"Pairs with both images right{where}",
            f"Pairs{where} for which both answers were right (one letter for both images is never right): {{value}}.",
            of_pairs(right_row, kind), null=0.25, tags=tags,
        ),
        _measure(
            view, "individual_accuracy", f"Questions right, one by one{where}",
            f"Questions{where} answered correctly (the same answer to both images of a pair reaches 50 of 100): "
            "{value}.",
            of_images(right_row, kind), null=0.5, tags=tags,
        ),
        _measure(
            view, "confusion", f"Pairs answered with one letter{where}",
            f"Pairs{where} whose images were given the same answer, of "
            + ("those with two readable answers" if published else "all pairs, readable or not")
            + ": {value}.",
            of_pairs(published_confusion_row if published else confusion_row, kind),
            null=0.5, direction="lower", tags=tags,
        ),
        _measure(
            view, "invalid_rate", f"Answers that cannot be used{where}",
            f"Answers{where} that were refused, cut off, or named neither option or both: {{value}}.",
            of_images(invalid_row, kind), direction="lower", tags=tags,
        ),
    )  # fmt: skip
    headline = not tags and view.condition == CLEAN
    for measure in made:
        compared = () if tags or measure.metric.endswith("invalid_rate") else view.against
        yield replace(measure, against=compared, headline=headline)


def _gap(view: View) -> Measure:
    measure = _measure(
        view, "cost_of_confusability", "Easy pairs less confusable pairs",
        "Share of easy pairs with both images right less that of confusable pairs: {value}. Near 0, a low set accuracy "
        "is not about confusable images.",
        difference_row, null=0.0, direction="lower",
    )  # fmt: skip
    parts = ((0, 1, 1.0), (2, 3, -1.0))  # a handful of easy pairs, all right, is no proof that all are
    return replace(measure, kind="statistic", statistic=difference, parts=parts)


def _by_similarity(view: View) -> Iterator[Measure]:
    """Set accuracy in bands of the similarity by which the pairs were called alike, where a band holds enough."""
    pairs = {row.item: row.tags["alike"] for row in view.confusable if is_pair(row) and "alike" in row.tags}
    sizes = Counter(band(similarity) for similarity in pairs.values())
    bands = sorted(middle for middle, size in sizes.items() if size >= FEWEST)
    for middle in bands if len(bands) > 1 else ():

        def row(observation: Observation, middle: str = middle) -> Sequence[float] | None:
            inside = "alike" in observation.tags and band(observation.tags["alike"]) == middle
            return of_pairs(right_row, _CONFUSABLE)(observation) if inside else None

        yield _measure(
            view, "set_accuracy", f"Pairs with both images right (similarity about {middle})",
            f"Pairs whose images are alike to about {middle} for which both answers were right: {{value}}.",
            row, null=0.25, tags={"similarity": middle},
        )  # fmt: skip


def _of_orders(view: View) -> Iterator[Measure]:
    """What two orders of the options tell: does the answer follow the place or the content?"""
    if not view.confusable:
        return
    yield replace(_measure(
        view, "position_bias", "Answers that follow the place of an option",
        "Questions answered with the same letter after the options had changed places (picking content, right or "
        "wrong, gives none; guessing gives half): {value}.",
        of_images(position_row, _CONFUSABLE), null=0.5, direction="lower",
    ), headline=view.condition == BOTH_ORDERS)  # fmt: skip
    yield _measure(
        view, "confusion_by_position", "Share of confusion that is position bias",
        "Of the pairs whose images were given the same letter, those given that letter in the other order too, where "
        "the model was bound to a place (the rest it took for the same picture, or guessed): {value}.",
        of_pairs(positional_confusion_row, _CONFUSABLE), direction="none",
    )  # fmt: skip


def _measure(
    view: View,
    name: str,
    title: str,
    words: str,
    row: Row,
    *,
    null: float | None = None,
    direction: Direction = "higher",
    tags: Mapping[str, str] | None = None,
) -> Measure:
    return Measure(
        metric=f"mediconfusion.{name}",
        title=f"{title}{_AS_ASKED[view.condition]}",
        words=words,
        row=row,
        statistic=share,
        scoring=view.scoring,
        condition=view.condition,
        direction=direction,
        null=null,
        tags={**view.tags, **(tags or {})},
    )


def _categories(observations: Sequence[Observation]) -> list[str]:
    """All categories, where there are at least two."""
    found = {name for row in observations for name in row.tags.get("categories", "").split("|") if name}
    return sorted(found) if len(found) > 1 else []
