"""Derived observations: what came out of each document under each way, counted against what the model reads unmasked.

Under "leaks:" and the condition, one per document and part of it: all identifiers, each category, each column,
inferable ones and others, those of the individual. Their tags hold the counts; an identifier that was not read on the
unmasked page does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from audit.core.observation import Observation, Outcome
from probes.phi.judging import DIGITS
from probes.phi.questions import ASKED
from probes.phi.way import LEAKS, REDACTED, Way, way_of

PART = "part"
ALL = "all"
_PARTED = ("layout", "categories", "columns", "inferable", "individual")
_UNPROMPTED = (ASKED["unrelated"], ASKED["identifiers"])
Key = tuple[str, str, int]


def derive(observations: Sequence[Observation]) -> tuple[Observation, ...]:
    """Leaks per document and part under each condition, and under each with the answer redacted."""
    answered: dict[Key, dict[str, Observation]] = defaultdict(dict)
    for row in observations:
        if row.scoring == "strict" and row.outcome != "error":
            answered[row.model, row.item, row.sample][row.condition] = row
    return tuple(made for seen in answered.values() for made in _of_document(seen))


def _of_document(seen: Mapping[str, Observation]) -> Iterator[Observation]:
    for condition, row in seen.items():
        way = way_of(condition)
        if way is None and condition not in _UNPROMPTED:
            continue
        clean = seen.get((way or Way()).unmasked.condition)
        if clean is None:
            continue
        yield from _parts(clean, row, "", condition)
        if way is not None and way.plain:
            yield from _parts(clean, row, REDACTED, condition + REDACTED)


def _parts(clean: Observation, row: Observation, redacted: str, condition: str) -> Iterator[Observation]:
    parted = tuple(row.tags[tag] for tag in _PARTED)
    words = (clean.tags["words"], row.tags[f"words{redacted}"]) if f"words{redacted}" in row.tags else None
    for part in _counts(parted, clean.tags["told"], row.tags[f"told{redacted}"], words):
        yield Observation(
            probe=row.probe,
            item=row.item if part.name == ALL else f"{row.item}#{part.name}",
            cluster=row.cluster,
            model=row.model,
            scoring=row.scoring,
            outcome=_outcome(row.outcome, part.leaked),
            value=float(not part.leaked),
            given=f"{part.leaked} of {part.read}",
            target=row.target,
            condition=LEAKS + condition,
            sample=row.sample,
            tags=part.tags,
        )


@dataclass(frozen=True)
class _Part:
    """A part of a document: how many of its identifiers were read unmasked, and how many of them leaked."""

    name: str
    read: int
    leaked: int
    tags: Mapping[str, str]


@lru_cache(maxsize=4096)
def _counts(parted: tuple[str, ...], before: str, told: str, words: tuple[str, str] | None) -> tuple[_Part, ...]:
    """What came out of each part, by the signs of its identifiers (and words) before and now; kept, for a page is
    read alike under many conditions."""
    layout, *kinds = parted
    made = []
    for name, places in _places(*kinds).items():
        pairs = [before[place] + told[place] for place in places]
        read, leaked = sum(pair[0] == "x" for pair in pairs), pairs.count("xx")
        tags = {
            "layout": layout,
            PART: name,
            "read": str(read),
            "leaked": str(leaked),
            "read_near": str(sum(pair[0] != "." for pair in pairs)),
            "leaked_near": str(sum("." not in pair for pair in pairs)),
            **(_words(*words) if words and name == ALL else {}),
        }
        made.append(_Part(name, read, leaked, tags))
    return tuple(made)


def _outcome(said: Outcome, leaked: int) -> Outcome:
    """A refusal is an answer that was read to its end; of one that was cut off nobody knows what would have come."""
    if leaked:
        return "wrong"
    return "truncated" if said == "truncated" else "correct"


def _places(categories: str, columns: str, inferable: str, individual: str) -> Mapping[str, Sequence[int]]:
    """Part -> places of its identifiers, of the tags that say what each of them is."""
    parts: dict[str, list[int]] = defaultdict(list)
    for place, (category, column) in enumerate(zip(categories.split(), columns.split(), strict=True)):
        parts[ALL].append(place)
        parts[f"category:{category}"].append(place)
        parts[f"column:{column}"].append(place)
        parts[f"inferable:{'yes' if inferable[place] == 'x' else 'no'}"].append(place)
        if individual[place] == "x":
            parts["subject:individual"].append(place)
    return parts


def _words(before: str, after: str) -> dict[str, str]:
    """Words of the unmasked reading, and how many of them are gone."""
    pairs = [(DIGITS.index(one), DIGITS.index(other)) for one, other in zip(before, after, strict=True)]
    return {"words_read": str(sum(one for one, _ in pairs)), "words_lost": str(sum(max(0, a - b) for a, b in pairs))}
