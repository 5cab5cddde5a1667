"""Mining: confusable pairs and easy control pairs from labelled images and two views of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audit.core.dataset import Record
from probes.mediconfusion.questions import Asked, questions_of
from probes.mediconfusion.search import confusable_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from probes.mediconfusion.search import Indices

_DRAWS = 20_000


@dataclass(frozen=True)
class Mined:
    """Two images (places among the records) with a question that they answer differently.

    `answers` are of the first and the second image; `a_first` says whether the first image's answer is option A.
    """

    first: int
    second: int
    question: str
    answers: tuple[str, str]
    a_first: bool
    alike: float
    different: float
    easy: bool = False

    @property
    def options(self) -> tuple[str, str]:
        """The texts of options A and B."""
        one, two = self.answers
        return (one, two) if self.a_first else (two, one)

    @property
    def correct(self) -> tuple[str, str]:
        """The right letters of the first and the second image."""
        return ("A", "B") if self.a_first else ("B", "A")


@dataclass(frozen=True)
class Wanted:
    """What is mined: cosines of at least `alike` in the first view and at most `different` in the second, questions
    about `labels`, and how many pairs of each kind."""

    alike: float
    different: float
    labels: tuple[str, ...]
    n_pairs: int
    n_easy: int


@dataclass(frozen=True)
class Book:
    """Who answers what: question and answer codes per image, -1 where there is none; two arrays of shape (n, m)."""

    asked: tuple[tuple[Asked, ...], ...]
    keys: NDArray[np.int64]
    answers: NDArray[np.int64]

    @classmethod
    def of(cls, records: Sequence[Record], labels: Sequence[str]) -> Book:
        """The questions that each record answers."""
        asked = tuple(questions_of(record, labels) for record in records)
        shape = (len(records), max((len(some) for some in asked), default=0))
        keys, answers = np.full(shape, -1, dtype=np.int64), np.full(shape, -1, dtype=np.int64)
        codes: dict[object, int] = {}
        for place, some in enumerate(asked):
            for slot, one in enumerate(some):
                keys[place, slot] = codes.setdefault(one.key, len(codes))
                answers[place, slot] = codes.setdefault(("answer", one.answer.casefold()), len(codes))
        return cls(asked, keys, answers)

    def tells_apart(self, first: Indices, second: Indices) -> NDArray[np.bool_]:
        """Whether some question has different answers for the two images of each pair; shape (m,)."""
        known = (self.keys[first] >= 0)[:, :, None]
        same = self.keys[first][:, :, None] == self.keys[second][:, None, :]
        apart = self.answers[first][:, :, None] != self.answers[second][:, None, :]
        return np.asarray((known & same & apart).any(axis=(1, 2)))

    def question(self, first: int, second: int) -> tuple[Asked, Asked]:
        """The first question that tells two images apart, as each answers it."""
        others = {one.key: one for one in self.asked[second]}
        for one in self.asked[first]:
            other = others.get(one.key)
            if other is not None and other.answer.casefold() != one.answer.casefold():
                return one, other
        raise ValueError("Expected images that answer a question differently")


def mine(
    records: Sequence[Record],
    views: tuple[NDArray[np.float32], NDArray[np.float32]],
    wanted: Wanted,
    units: Sequence[str],
    rng: np.random.Generator,
) -> tuple[Mined, ...]:
    """Confusable pairs, then easy ones. `views` are embeddings of length 1 by record, `units` names of what may
    stand in one pair of each kind only: the image, or its patient.

    Questions take turns, so that one does not fill the set; within a question the most alike come first. Easy pairs
    are random ones that answer a question differently and are less than `alike`; units that are in no confusable pair
    come first, so that clusters stay apart.
    """
    one, two = views
    book = Book.of(records, wanted.labels)
    found = confusable_pairs(one, two, wanted.alike, wanted.different, book.tells_apart)
    pairs = zip(found.first.tolist(), found.second.tolist(), strict=True)
    chosen = list(_distinct(_in_turn(pairs, book), units, wanted.n_pairs))
    taken = {units[place] for pair in chosen for place in pair}
    drawn = sorted(_random(one, wanted, book, rng), key=lambda pair: not taken.isdisjoint(units[k] for k in pair))
    easy = list(_distinct(drawn, units, wanted.n_easy))
    return tuple(
        _mined(first, second, views, book, bool(rng.integers(2)), easy=place >= len(chosen))
        for place, (first, second) in enumerate([*chosen, *easy])
    )


def _mined(
    first: int,
    second: int,
    views: tuple[NDArray[np.float32], NDArray[np.float32]],
    book: Book,
    a_first: bool,
    *,
    easy: bool,
) -> Mined:
    one, other = book.question(first, second)
    alike, different = (float(np.clip(view[first] @ view[second], -1, 1)) for view in views)
    return Mined(first, second, one.question, (one.answer, other.answer), a_first, alike, different, easy)


def _in_turn(pairs: Iterable[tuple[int, int]], book: Book) -> list[tuple[int, int]]:
    """The pairs with their questions (and pairs of answers) taking turns; stable within each."""
    seen: Counter[object] = Counter()
    ranked: list[tuple[int, int, tuple[int, int]]] = []
    for first, second in pairs:
        one, other = book.question(first, second)
        kind = one.key, frozenset((one.answer, other.answer))
        ranked.append((seen[kind], len(ranked), (first, second)))
        seen[kind] += 1
    return [pair for _, _, pair in sorted(ranked)]


def _distinct(pairs: Iterable[tuple[int, int]], units: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
    """At most `most` pairs of which no two share a unit."""
    used: set[str] = set()
    for first, second in pairs:
        own = {units[first], units[second]}
        if used.isdisjoint(own) and most > 0:
            used |= own
            most -= 1
            yield first, second


def _random(
    one: NDArray[np.float32], wanted: Wanted, book: Book, rng: np.random.Generator
) -> Iterator[tuple[int, int]]:
    n = len(one)
    first, second = rng.integers(n, size=_DRAWS), rng.integers(n, size=_DRAWS)
    fits = (first != second) & book.tells_apart(first, second)
    first, second = first[fits], second[fits]
    apart = np.einsum("ij,ij->i", one[first], one[second]) < wanted.alike
    yield from zip(first[apart].tolist(), second[apart].tolist(), strict=True)
