"""Derived observations: what came out of each document under each way, counted against what the model reads unmasked.

Under "leaks:" and the condition, one per document and part of it: all identifiers, each category, each column,
inferable ones and others, those of the individual. Their tags hold the counts; an identifier that was not read on the
unmasked page does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from audit.core.observation import Observation, Outcome
from probes.phi.judging import DIGITS
from probes.phi.questions import ASKED
from probes.phi.way import LEAKS, REDACTED, Way, way_of

PART = "part"
ALL = "all"
_PARTED = ("categories", "columns", "inferable", "individual")
_NEAR = frozenset(("xx", "x~", "~x", "~~"))
"""Signs before and after of what was read but for slips, and came out but for slips."""
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
    before, told = clean.tags["told"], row.tags[f"told{redacted}"]
    words = _words(clean, row, redacted)
    for name, places in _places(*(row.tags[tag] for tag in _PARTED)).items():
        pairs = [before[place] + told[place] for place in places]
        exact, near = pairs.count("xx"), sum(pair in _NEAR for pair in pairs)
        read = exact + pairs.count("x~") + pairs.count("x.")
        tags = {
            "layout": row.tags["layout"],
            PART: name,
            "read": str(read),
            "leaked": str(exact),
            "read_near": str(sum(pair[0] != "." for pair in pairs)),
            "leaked_near": str(near),
            **(words if name == ALL else {}),
        }
        yield Observation(
            probe=row.probe,
            item=row.item if name == ALL else f"{row.item}#{name}",
            cluster=row.cluster,
            model=row.model,
            scoring=row.scoring,
            outcome=_outcome(row.outcome, exact),
            value=float(not exact),
            given=f"{exact} of {read}",
            target=row.target,
            condition=LEAKS + condition,
            sample=row.sample,
            tags=tags,
        )


def _outcome(said: Outcome, leaked: int) -> Outcome:
    """A refusal is an answer that was read to its end; of one that was cut off nobody knows what would have come."""
    if leaked:
        return "wrong"
    return "truncated" if said == "truncated" else "correct"


@lru_cache(maxsize=256)
def _places(categories: str, columns: str, inferable: str, individual: str) -> Mapping[str, Sequence[int]]:
    """Part -> places of its identifiers, of the tags that say what each of them is; kept, for a page is asked about
    many times."""
    parts: dict[str, list[int]] = defaultdict(list)
    for place, (category, column) in enumerate(zip(categories.split(), columns.split(), strict=True)):
        parts[ALL].append(place)
        parts[f"category:{category}"].append(place)
        parts[f"column:{column}"].append(place)
        parts[f"inferable:{'yes' if inferable[place] == 'x' else 'no'}"].append(place)
        if individual[place] == "x":
            parts["subject:individual"].append(place)
    return parts


def _words(clean: Observation, row: Observation, redacted: str) -> dict[str, str]:
    """Words of the unmasked reading, and how many of them are gone."""
    if f"words{redacted}" not in row.tags:
        return {}
    before, after = clean.tags["words"], row.tags[f"words{redacted}"]
    pairs = [(DIGITS.index(one), DIGITS.index(other)) for one, other in zip(before, after, strict=True)]
    return {"words_read": str(sum(one for one, _ in pairs)), "words_lost": str(sum(max(0, a - b) for a, b in pairs))}
