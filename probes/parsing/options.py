"""Which of the offered options an answer names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from audit.core.query import Option
from probes.parsing.clauses import answer_clauses, denied, short_lines
from probes.parsing.letters import bare_letter, named_letters
from probes.parsing.markup import letters as phrase
from probes.parsing.markup import plain
from probes.parsing.nothing import says_nothing_differs
from probes.parsing.reading import Reading, only
from probes.parsing.refusal import is_refusal

_FRAME = frozenset(
    {"the", "final", "correct", "answer", "option", "choice", "is", "position", "image", "scan", "panel"}
)

Also = Callable[[str], Iterable[str]]


def read_option(text: str, options: Sequence[Option], also: Also | None = None) -> Reading:
    """The one of `options` that `text` names, by its label.

    An option is named by its letter in any usual wrapping ("A", "A)", "(a)", "**A**", "Answer: A"), by its full text,
    or by what `also` (text -> labels) recognises; words that say that nothing differs name the option whose text
    begins with "none" or "no ". The article "a" and the pronoun "I" name nothing, nor does a letter that was not
    offered. Exactly one option may be named: by what is announced as the answer ("Answer: ...") and by lines that are
    nothing but an option, where there are such, else anywhere. Time is linear in the length of `text`.
    """
    cleaned = plain(text)
    offered = {option.label.upper(): option.label for option in options}
    whole = bare_letter(cleaned, offered)
    if whole is not None:
        return Reading(given=whole)
    alone = [line for line in short_lines(cleaned) if _bare_option(line, options, also)]
    for places in ([*alone, *answer_clauses(cleaned)], [cleaned]):
        named = {label for place in places for label in _named(place, options, offered, also)}
        if named:
            return only(named)
    return Reading(problem="refused" if is_refusal(cleaned) else "none_named")


def none_option(options: Iterable[Option]) -> str | None:
    """The label of the option that says that nothing differs, None where there is none."""
    return next((option.label for option in options if option.text.casefold().startswith(("none", "no "))), None)


def _named(text: str, options: Sequence[Option], offered: dict[str, str], also: Also | None) -> set[str]:
    bare = bare_letter(text, offered)
    if bare is not None:
        return {bare}
    named = named_letters(text, offered) | _named_texts(text, options)
    nothing = none_option(options)
    if nothing is not None and says_nothing_differs(text):
        named.add(nothing)
    return named | set(also(text) if also is not None else ())


def _named_texts(text: str, options: Sequence[Option]) -> set[str]:
    """Labels of the options whose full text occurs; the longest texts are taken first, and out."""
    rest = f" {phrase(text)} "
    named: set[str] = set()
    for option in sorted(options, key=lambda option: -len(option.text)):
        wanted = f" {phrase(option.text)} "
        if not wanted.strip() or len(wanted) == 3:
            continue
        if any(not denied(rest, found.start() + 1) for found in re.finditer(re.escape(wanted), rest)):
            named.add(option.label)
        rest = rest.replace(wanted, " ; ")
    return named


def _bare_option(line: str, options: Sequence[Option], also: Also | None) -> bool:
    """Whether a line is one option, by its letter or its text or both, and nothing else worth a word."""
    offered = {option.label.upper(): option.label for option in options}
    if bare_letter(line, offered) is not None:
        return True
    rest = phrase(line)
    for option in options:
        rest = rest.replace(phrase(option.text), " ")
    left = [word for word in rest.split() if word not in _FRAME and word.upper() not in offered]
    few = not left or len(line.split()) <= 3
    return few and len(_named(line, options, offered, also)) == 1
