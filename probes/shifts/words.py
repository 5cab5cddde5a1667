"""Answers in words: brought to one form, and how many words two of them share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from probes.parsing.markup import letters

_ARTICLES = frozenset({"a", "an", "the"})
_NUMBERS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten".split())  # noqa: SIM905
}
_LEAD = re.compile(r"^(?:the )?(?:final )?answer(?: is)? ")


def normalised(text: str) -> str:
    """`text` in one case, without punctuation, articles, or a leading "the answer is"; numbers up to ten as digits."""
    plain = _LEAD.sub("", letters(text[:4000]))
    return " ".join(_NUMBERS.get(word, word) for word in plain.split() if word not in _ARTICLES)


def token_f1(given: str, right: str) -> float:
    """Harmonic mean of the shares of words that both hold, counted with repeats (as in SQuAD): 0 to 1."""
    one, two = Counter(normalised(given).split()), Counter(normalised(right).split())
    if not one or not two:
        return float(one == two)
    both = sum((one & two).values())
    return 2 * both / (sum(one.values()) + sum(two.values()))


def listed(text: str) -> frozenset[str]:
    """The things that a list in words names; "none" and nothing name none."""
    parts = re.split(r"[,;\n]|\band\b", text[:4000])
    return frozenset(name for part in parts if (name := normalised(part)) not in ("", "none", "nothing"))


def matches(given: str, answers: Sequence[str], *, multilabel: bool) -> bool:
    """Whether an answer is right word by word: any right answer, or all of them for a list."""
    if multilabel:
        return listed(given) == frozenset().union(*(listed(answer) for answer in answers))
    return normalised(given) in {normalised(answer) for answer in answers}
