"""Sentences for people: natural frequencies for shares, plain numbers for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from audit.core.finding import Finding

_CONTROLS: Mapping[str, str] = {
    "blind": "the same model without the images",
    "neutral": "the same model shown a grey image",
    "shuffled": "the same model shown the images of another question",
    "constant": "always giving the answer that is right most often",
}


@dataclass(frozen=True)
class Sample:
    """What a figure rests on."""

    n_items: int
    n_clusters: int

    @property
    def words(self) -> str:
        """For brackets: "240 items in 60 independent groups"."""
        return f"{counted(self.n_items, 'item')} in {counted(self.n_clusters, 'independent group')}"


def counted(number: int, noun: str) -> str:
    """ "1 item", "2 items", "12,000 items"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def fill(words: str, value: str) -> str:
    """A measure's sentence with `{value}` filled in (appended where the sentence has no such place)."""
    sentence = words.replace("{value}", value) if "{value}" in words else f"{words.rstrip('. ')}: {value}."
    return sentence if sentence.endswith((".", "!", "?")) else sentence + "."


def share_words(estimate: float, low: float | None, high: float | None, sample: Sample) -> str:
    """A share as a natural frequency: "about 12 of 100 (8 to 17; 240 items in 60 independent groups)".

    Nothing seen is "0 of 240", with what it can still be; a share below one in a hundred is told per 1,000 or 10,000.
    """
    if estimate in (0, 1):
        return _extreme(int(estimate), low, high, sample)
    per = 100 if 0.01 <= estimate <= 0.99 else 1000 if 0.001 <= estimate <= 0.999 else 10_000
    figure = f"about {_count(estimate, per)} of {per:,}"
    if low is None or high is None:
        return f"{figure} ({sample.words}; {_no_interval(sample)})"
    return f"{figure} ({_count(low, per)} to {_count(high, per)}; {sample.words})"


def _extreme(estimate: int, low: float | None, high: float | None, sample: Sample) -> str:
    figure = f"{sample.n_items if estimate else 0:,} of {sample.n_items:,}"
    bound, side = (low, "at least") if estimate else (high, "upper bound")
    if bound is None:
        return f"{figure} ({counted(sample.n_clusters, 'independent group')}; {_no_interval(sample)})"
    return f"{figure} ({side} {_count(bound, 100)} of 100; {counted(sample.n_clusters, 'independent group')})"


def number_words(estimate: float, low: float | None, high: float | None, sample: Sample) -> str:
    """A figure that is no share: "0.43 (0.31 to 0.55; 240 items in 60 independent groups)"."""
    if low is None or high is None:
        return f"{estimate:.2f} ({sample.words}; {_no_interval(sample)})"
    return f"{estimate:.2f} ({low:.2f} to {high:.2f}; {sample.words})"


def difference_words(
    estimate: float, low: float | None, high: float | None, sample: Sample, *, share: bool, than: str
) -> str:
    """A difference: "about 5 of 100 fewer than the base model (12 fewer to 2 more; ...)", or in plain numbers."""
    tell = _more if share else _higher
    size = tell(estimate)
    if " " not in size:
        figure = f"about the same as {than}"
    else:
        number, word = size.split(" ")
        figure = f"about {number} of 100 {word} than {than}" if share else f"{number} {word} than {than}"
    if low is None or high is None:
        return f"{figure} ({sample.words}; {_no_interval(sample)})"
    return f"{figure} ({tell(low)} to {tell(high)}; {sample.words})"


def did_words(lead: str, finding: Finding, *, share: bool, than: str, unsettled: str) -> str:
    """A difference of two differences, after `lead`; `unsettled` follows where its interval holds 0."""
    if finding.estimate is None:
        return f"{lead}: the difference of the differences is undefined."
    low, high = finding.ci_low, finding.ci_high
    sample = Sample(finding.n_items, finding.n_clusters)
    figure = difference_words(finding.estimate, low, high, sample, share=share, than=than)
    inside = low is not None and high is not None and low <= 0 <= high
    return f"{lead}: {figure}.{f' {unsettled}' if inside else ''}"


def _more(value: float) -> str:
    size = _count(abs(value), 100)
    return size if float(size) == 0 else f"{size} {'more' if value > 0 else 'fewer'}"


def _higher(value: float) -> str:
    size = f"{abs(value):.2f}"
    return size if float(size) == 0 else f"{size} {'higher' if value > 0 else 'lower'}"


def _count(value: float, per: int) -> str:
    scaled = value * per
    if per == 100 and 0 < scaled < 1:
        return f"{scaled:.1f}"
    return f"{scaled:,.0f}"


def amount(value: float, *, share: bool) -> str:
    """A size in a sentence: "80 of 100" for a share, else "0.8"."""
    return f"{round(100 * value, 2):g} of 100" if share else f"{round(value, 4):g}"


def _no_interval(sample: Sample) -> str:
    if sample.n_clusters < 2:
        return "no interval: all items belong together, so chance cannot be told from the model"
    return "no interval: the groups are too alike or too few to tell chance from the model"


def control_words(control: str) -> str:
    """What a control is, for a sentence; a condition such as "uniform+blind" is described by its last part."""
    name = control.rpartition("+")[2]
    return _CONTROLS.get(name, f"the control {name!r}")
