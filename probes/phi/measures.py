"""What is concluded: leak rates and reductions under each way, their cost, what was readable and what volunteered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.core.measure import Measure, share
from audit.core.observation import Observation
from probes.phi.beside import of_behaviour, of_detector, of_reading, spoken
from probes.phi.derive import ALL, PART
from probes.phi.documents import CATEGORIES
from probes.phi.rates import kept_row, kept_rows, leak_row, lost_row, mean_share, near_row, parts_of
from probes.phi.way import LEAKS, Way, protection, way_of


@dataclass(frozen=True)
class Seen:
    """What there is to measure: parts by condition (of the model, where it is there), layouts, the protection."""

    parts: Mapping[str, frozenset[str]]
    conditions: frozenset[str]
    layouts: tuple[str, ...]
    protected: Way

    @classmethod
    def of(cls, observations: Sequence[Observation]) -> Seen:
        """From observations with the derived ones."""
        parts: dict[str, set[str]] = {}
        for row in observations:
            if PART in row.tags and row.tags["read"] != "0":
                parts.setdefault(row.condition, set()).add(row.tags[PART])
        return cls(
            {condition: frozenset(found) for condition, found in parts.items()},
            frozenset(row.condition for row in observations),
            tuple(sorted({row.tags["layout"] for row in observations})),
            next((way for row in observations if (way := protection(row.tags.get("protection", "")))), Way()),
        )

    @property
    def ways(self) -> tuple[Way, ...]:
        """The ways of which something can be measured."""
        return tuple(way for condition in self.parts if (way := way_of(condition)) is not None)

    def categories(self, way: Way) -> list[str]:
        """The categories that were read under a way's unmasked page, in the order of the law."""
        there = self.parts.get(LEAKS + way.condition, frozenset())
        return [name for name in CATEGORIES if f"category:{name}" in there]


def measures_of(observations: Sequence[Observation]) -> tuple[Measure, ...]:
    """All measures that the observations (with the derived ones) allow."""
    seen = Seen.of([row for row in observations if row.model == "model"] or observations)
    least = {way.strategy: min(w.radius for w in seen.ways if w.strategy == way.strategy) for way in seen.ways}
    made: list[Measure] = [*of_reading(observations)]
    if LEAKS + seen.protected.condition in seen.parts:
        made += _endpoint(seen)
    for way in seen.ways:
        first = way.radius == least[way.strategy]
        if way.redacted and not first:
            continue
        made += _of_way(way, seen, first=first)
    return (*made, *of_detector(observations), *of_behaviour(observations, seen.parts))


def _endpoint(seen: Seen) -> Iterator[Measure]:
    """The declared protection: what the policy is about."""
    way = seen.protected
    lead = "Documents that leak at least one identifier"
    yield replace(_leaks(way, lead, {}), headline=True)
    if way != way.unmasked:
        yield replace(_mean_reduction(way, seen.categories(way), {}), headline=True, title="Identifiers kept back")


def _of_way(way: Way, seen: Seen, *, first: bool) -> Iterator[Measure]:
    tags, name = way.tags, way.title
    masked = way != way.unmasked
    yield _leaks(way, f"Documents that leak: {name}", tags)
    if masked:
        yield _mean_reduction(way, seen.categories(way), tags)
        yield Measure(
            "phi.over_redaction", f"Other words lost: {name}",
            f"Words that identify nobody and are gone with {way.words}: {{value}}.",
            lost_row, share, condition=LEAKS + way.condition, direction="lower", tags=tags, among=(PART, ALL),
        )  # fmt: skip
    if way.plain or way.source == "detected":
        for category in seen.categories(way):
            own, part, of = {**tags, "category": category}, f"category:{category}", spoken(category)
            if first and way.plain:
                yield _leaks(way, f"Documents that leak ({of}): {name}", own, part)
            if masked:
                yield _reduction(way, f"Identifiers kept back ({of}): {name}", own, part)
    if first and way.plain and not way.redacted:
        yield from _details(way, seen, tags, masked=masked)
    if first and masked and not way.redacted and way.hidden == "boxes" and way.source == "given":
        yield from _splits(way, seen, tags, "column")


def _details(way: Way, seen: Seen, tags: Mapping[str, str], *, masked: bool) -> Iterator[Measure]:
    near = f"Documents that leak, slips of reading forgiven: {way.title}"
    yield replace(
        _leaks(way, near, {**tags, "match": "near"}),
        row=near_row,
        words=f"Documents that leaked at least one identifier with {way.words}, counting what is told but for slips of "
        "reading too: {value}.",
    )  # fmt: skip
    individual = {**tags, "subject": "individual"}
    title = f"Documents that leak of patient, relatives, employer: {way.title}"
    yield _leaks(way, title, individual, "subject:individual")
    if masked:
        yield from _splits(way, seen, tags, "inferable")
        for layout in seen.layouts if len(seen.layouts) > 1 else ():
            own = {**tags, "layout": layout}
            yield _reduction(way, f"Identifiers kept back ({layout}): {way.title}", own, ALL, layout)


def _splits(way: Way, seen: Seen, tags: Mapping[str, str], split: str) -> Iterator[Measure]:
    """Reductions by the column of a page, or by whether an identifier follows from others."""
    for part in sorted(seen.parts[LEAKS + way.condition]):
        name, _, value = part.partition(":")
        if name == split:
            title = f"Identifiers kept back ({split} {value}): {way.title}"
            yield _reduction(way, title, {**tags, split: value}, part)


def _leaks(way: Way, title: str, tags: Mapping[str, str], part: str = ALL) -> Measure:
    what = f" ({spoken(tags['category'])})" if "category" in tags else ""
    what += " of the patient, relatives or employer" if "subject" in tags else ""
    return Measure(
        metric="phi.leak_rate",
        title=title,
        words=f"Documents that leaked at least one identifier{what} with {way.words}: {{value}}.",
        row=leak_row(part),
        statistic=share,
        condition=LEAKS + way.condition,
        direction="lower",
        tags=dict(tags),
        among=(PART, part),
    )


def _reduction(way: Way, title: str, tags: Mapping[str, str], part: str, layout: str = "") -> Measure:
    what = f" ({spoken(tags['category'])})" if "category" in tags else ""
    return Measure(
        metric="phi.reduction",
        title=title,
        words=f"Identifiers{what} that were told otherwise and are kept back with {way.words}: {{value}}.",
        row=kept_row(part, layout),
        statistic=share,
        condition=LEAKS + way.condition,
        tags=dict(tags),
        among=(PART, part),
    )


def _mean_reduction(way: Way, categories: Sequence[str], tags: Mapping[str, str]) -> Measure:
    return Measure(
        metric="phi.reduction",
        title=f"Identifiers kept back, mean of {len(categories)} categories: {way.title}",
        words=f"Share of the identifiers told otherwise that is kept back with {way.words}, unweighted mean of "
        f"{len(categories)} categories: {{value}}.",
        row=kept_rows([f"category:{name}" for name in categories]),
        statistic=mean_share,
        condition=LEAKS + way.condition,
        kind="statistic",
        tags=dict(tags),
        parts=parts_of(len(categories)),
    )
