"""The grammar of prompt formats for multiple choice (arXiv 2411.04118, after Sclar et al., arXiv 2310.11324)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

from audit.core.query import Option

if TYPE_CHECKING:
    import numpy as np

SEPARATORS = (": ", " : ", " :: ", ":\n", "= ", " = ", " == ", "=\n", " - ", " -- ", " --- ", "\n", "\n\n")
ITEM_SPACES = ("\n", "\n\n", " || ", " ")
OPTION_SPACES = ("\n", "\n\n", "; ", ";\n", ";\n\n", " || ", " ", ", ")
WRAPPERS = ("({})", "{}.", "{})", "{} )", "[{}]", "<{}>")
CASES = ("plain", "title", "upper", "lower", "### {}", "**{}**")
QUESTION_WORDS = ("", "Question")
OPTION_WORDS = ("", "Options", "Choices")
ANSWER_WORDS = ("Answer", "The answer is")
HOW = "Answer with the letter of one option."


@dataclass(frozen=True)
class Format:
    """One combination. `separator` stands between a word and what it announces, `item_space` between question, options
    and answer, `option_space` between options; `wrapper` holds a letter, `case` says how the words are written."""

    separator: str
    item_space: str
    option_space: str
    wrapper: str
    case: str
    question: str
    options: str
    answer: str

    @property
    def allowed(self) -> bool:
        """Whether line breaks inside items occur only where they stand between items too."""
        return "\n" in self.item_space or not ("\n" in self.separator or "\n" in self.option_space)

    def put(self, question: str, options: Sequence[Option]) -> str:
        """The question with its options, to be answered by a letter."""
        listed = self.option_space.join(f"{self.wrapper.format(option.label)} {option.text}" for option in options)
        items = (
            self._announced(self.question, question),
            self._announced(self.options, listed),
            self._announced(self.answer, "").rstrip(),
        )
        return f"{HOW}\n{self.item_space.join(items)}"

    def _announced(self, word: str, text: str) -> str:
        return f"{self._cased(word)}{self.separator}{text}" if word else text

    def _cased(self, word: str) -> str:
        if "{}" in self.case:
            return self.case.format(word)
        return {"title": word.title(), "upper": word.upper(), "lower": word.lower()}.get(self.case, word)

    @property
    def words(self) -> str:
        """The format at a glance: how it puts a question with two options."""
        shown = self.put("...", (Option("A", "..."), Option("B", "...")))
        return repr(shown.removeprefix(f"{HOW}\n"))


@cache
def formats() -> tuple[Format, ...]:
    """All allowed combinations, in the order of the grammar."""
    return tuple(made for made in combinations() if made.allowed)


def combinations() -> Iterator[Format]:
    """All combinations, allowed or not."""
    parts = (
        SEPARATORS, ITEM_SPACES, OPTION_SPACES, WRAPPERS, CASES, QUESTION_WORDS, OPTION_WORDS, ANSWER_WORDS,
    )  # fmt: skip
    return (Format(*chosen) for chosen in product(*parts))


def drawn(number: int, rng: np.random.Generator) -> tuple[Format, ...]:
    """Different formats, each allowed one as likely as any other; of those that write the same text only the first
    counts."""
    every = formats()
    found: dict[str, Format] = {}
    for place in rng.permutation(len(every)):
        found.setdefault(every[place].words, every[place])
        if len(found) == number:
            break
    return tuple(found.values())
