"""Two scorings of an answer, strict and as published, and the choice that option probabilities make."""

from __future__ import annotations

from audit.core.answer import Answer
from audit.core.observation import Judgement, Outcome
from audit.core.query import Option
from probes.comparison.items import Question
from probes.parsing.letters import bare_letter, named_letters
from probes.parsing.markup import letters as phrase
from probes.parsing.markup import plain
from probes.parsing.options import read_option
from probes.parsing.reading import Reading
from probes.parsing.refusal import is_refusal
from probes.parsing.yes_no import read_yes_no


def judge_strict(question: Question, options: tuple[Option, ...], answer: Answer) -> Judgement:
    """1 where the one option named is right, read blind to the target; an open answer word by word. What cannot be read
    is 0 and an outcome of its own."""
    if answer.status == "refused":
        return Judgement("strict", "refused", 0.0)
    if answer.status == "unparsed":
        return Judgement("strict", "unparsed", 0.0)
    reading = _read(options, answer.text) if options else _read_open(answer.text)
    if reading.given is None:
        return Judgement("strict", _unread(answer, reading), 0.0)
    said = _class_of(reading.given, options)
    right = said == question.target
    return Judgement("strict", "correct" if right else "wrong", float(right), said)


def judge_published(question: Question, options: tuple[Option, ...], answer: Answer) -> Judgement:
    """As arXiv 2411.04118 scores: the option letter where there is one, else right where the text of the *right* answer
    occurs anywhere. Its flaw: an answer that names every option is right."""
    offered = {option.label.upper(): option.label for option in options if len(option.label) == 1}
    text = plain(answer.text)
    bare = bare_letter(text, offered)
    named = {bare} if bare is not None else named_letters(text, offered)
    if len(named) == 1:
        said = _class_of(named.pop(), options)
        right = said == question.target
        return Judgement("published", "correct" if right else "wrong", float(right), said)
    right = f" {question.target} " in f" {phrase(answer.text)} "
    return Judgement("published", "correct" if right else "wrong", float(right), question.target if right else None)


def judge_likelihood(question: Question, options: tuple[Option, ...], answer: Answer) -> Judgement | None:
    """The option of the highest log-probability; None where the answer carries none."""
    if answer.chosen is None:
        return None
    said = _class_of(answer.chosen, options)
    right = said == question.target
    return Judgement("strict", "correct" if right else "wrong", float(right), said)


def _read(options: tuple[Option, ...], text: str) -> Reading:
    if {option.label.casefold() for option in options} == {"yes", "no"}:
        reading = read_yes_no(text)
        if reading.given is not None:
            return Reading(given=next(o.label for o in options if o.label.casefold() == reading.given))
        if reading.problem == "several_named":
            return reading
    return read_option(text, options)


def _read_open(text: str) -> Reading:
    given = phrase(text)[:200]
    if given and not is_refusal(text):
        return Reading(given=given)
    return Reading(problem="refused" if given else "none_named")


def _class_of(label: str, options: tuple[Option, ...]) -> str:
    return next((phrase(option.text) for option in options if option.label == label), label)


def _unread(answer: Answer, reading: Reading) -> Outcome:
    if answer.status == "truncated":
        return "truncated"
    return "refused" if reading.problem == "refused" else "unparsed"
