"""What is classified: one question with the same options for every image of one kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audit.core.dataset import Record
from audit.core.image import Image
from audit.core.query import Decoding, How, Option, Query, ask

if TYPE_CHECKING:
    import numpy as np

LETTERS = "ABCDEFGH"
FEWEST = 10
"""Patients below which a class is not asked about."""
_QUESTIONS = {
    "finding": "What is the main finding?",
    "modality": "Which imaging modality is this?",
    "anatomy": "Which part of the body is shown?",
    "view": "Which view is this?",
}
_DECODING = Decoding(max_new_tokens=32)


@dataclass(frozen=True)
class Task:
    """A closed question about images of one modality and body part. `classes` are the options in the order in which
    they are listed, drawn once by chance: the images without pictures, or with those of others, are then the same query
    for all. `group` is (modality, anatomy), `left_out` how many images of the group carry no such class."""

    label: str
    group: tuple[str, str]
    classes: tuple[str, ...]
    records: tuple[Record, ...]
    how: How = "choose"
    left_out: int = 0

    @property
    def options(self) -> tuple[Option, ...]:
        """The classes with their letters: a form that every model with options can be asked in."""
        return tuple(Option(letter, name) for letter, name in zip(LETTERS, self.classes, strict=False))

    @property
    def text(self) -> str:
        """The question as it is put."""
        asked = _QUESTIONS.get(self.label, f"Which of these is the {self.label} of the image?")
        listed = [f"{option.label}) {option.text}" for option in self.options]
        return "\n".join([asked, *listed, "Answer with the letter of one option."])

    def query(self, image: Image) -> Query:
        """The question about an image."""
        return Query(ask(image, self.text), self.options, self.how, _DECODING)

    def class_of(self, record: Record) -> int:
        """The number of a record's class."""
        return self.classes.index(record.labels[self.label])


def task_of(
    records: Sequence[Record], label: str, group: str, items: int, how: How, rng: np.random.Generator
) -> Task | str:
    """The task on the group with most usable images (or on `group`, "MODALITY/ANATOMY"), or why there is none.

    Usable are images with one value of the label that `FEWEST` patients have, of at most eight values, the commonest.
    Of more than `items` images whole patients are drawn.
    """
    groups: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        groups[record.labels.get("modality", ""), record.labels.get("anatomy", "")].append(record)
    if group:
        wanted = tuple(part.strip().casefold() for part in group.split("/"))
        groups = defaultdict(list, {k: v for k, v in groups.items() if tuple(map(str.casefold, k)) == wanted})
    usable = {key: _usable(own, label) for key, own in groups.items()}
    usable = {key: own for key, own in usable.items() if len({record.labels[label] for record in own}) > 1}
    if not usable:
        where = f"images of {group}" if group else "images of one modality and body part"
        return f"no two values of {label!r} have {FEWEST} patients each among {where}"
    best = min(usable, key=lambda key: (-len(usable[key]), key))
    chosen = _drawn(usable[best], items, rng)
    kept = _usable(chosen, label)
    values = sorted({record.labels[label] for record in kept})
    if len(values) < 2:
        return f"{items} images are too few for two values of {label!r} with {FEWEST} patients each (spurious.items)"
    classes = tuple(values[place] for place in rng.permutation(len(values)))
    return Task(label, best, classes, tuple(kept), how, len(groups[best]) - len(usable[best]))


def _usable(records: Sequence[Record], label: str) -> list[Record]:
    """Records of classes that are common enough."""
    own = [record for record in records if record.labels.get(label) and "|" not in record.labels[label]]
    patients: Mapping[str, set[str]] = defaultdict(set)
    for record in own:
        patients[record.labels[label]].add(record.cluster)
    enough = Counter({name: len(seen) for name, seen in sorted(patients.items()) if len(seen) >= FEWEST})
    kept = {name for name, _ in enough.most_common(len(LETTERS))}
    return [record for record in own if record.labels[label] in kept]


def _drawn(records: Sequence[Record], items: int, rng: np.random.Generator) -> list[Record]:
    """Whole patients by chance, at most `items` images, in their order."""
    if len(records) <= items:
        return list(records)
    return list(_whole_patients(records, items, rng))


def _whole_patients(records: Sequence[Record], items: int, rng: np.random.Generator) -> Iterator[Record]:
    sizes = Counter(record.cluster for record in records)
    names = sorted(sizes)
    left, kept = items, set[str]()
    for place in rng.permutation(len(names)):
        if sizes[names[place]] <= left:
            kept.add(names[place])
            left -= sizes[names[place]]
    return (record for record in records if record.cluster in kept)
