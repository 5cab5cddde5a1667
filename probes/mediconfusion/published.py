"""The published scoring, with its flaws: so that numbers compare with the paper."""

from __future__ import annotations

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.observation import Judgement
from probes.mediconfusion.opinions import is_free_form, read_opinion
from probes.mediconfusion.scored import scored_letter

_FORMS = ("{}", "{}:", ".{}", ".{}:", "{}.", '{}")', '("{}":', '("{}")', '("{}").')
_READ = {letter: frozenset(form.format(letter) for form in _FORMS) for letter in "AB"}


def judge_published(request: Request, answer: Answer) -> Judgement:
    """1 or 0; an answer that cannot be read counts as not right, and its pair leaves the confusion score."""
    given = published_letter(request, answer)
    if given is None:
        return Judgement("published", "unparsed", 0.0)
    right = given == request.item.target
    return Judgement("published", "correct" if right else "wrong", float(right), given)


def published_letter(request: Request, answer: Answer) -> str | None:
    """The letter that the published procedure reads in the answer, by the way in which it was asked."""
    scored = scored_letter(request.query, answer)
    if scored is not None:
        return scored
    if is_free_form(request) and answer.opinion is not None:
        return read_opinion(answer.opinion)
    return read_letter(answer.text)


def read_letter(text: str) -> str | None:
    """The published parser: the words between spaces that are a letter in one of nine forms; exactly one of A and B.

    "A)", "(A)", "**A**" and "a" are not among the forms, the article "A" is. White space around the answer is ignored.
    """
    words = frozenset(text.strip().split(" "))
    named = [letter for letter, forms in _READ.items() if words & forms]
    return named[0] if len(named) == 1 else None
