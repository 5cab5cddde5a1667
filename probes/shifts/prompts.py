"""What is asked, and the rubrics put to a judge model."""

from __future__ import annotations

from collections.abc import Sequence

from audit.core.item import Request
from audit.core.query import Option
from probes.shifts.questions import Question

_BY_LETTER = "Answer with the letter of one option."

_OPEN_RUBRIC = (
    "5: says the same as the right answer.\n"
    "4: the same but for a detail that changes nothing in practice.\n"
    "3: mostly right, with a part missing or imprecise.\n"
    "2: touches on the right answer, and is wrong or empty in the main.\n"
    "1: wrong, contradicts the right answer, or does not answer."
)
_LIST_RUBRIC = (
    "2: names all things of the right answer and nothing else.\n"
    "1: names at least one of them, and misses some or adds others.\n"
    "0: names none of them."
)


def asked(question: Question) -> str:
    """The question with how to answer it. The form follows from the options, never from what is right."""
    if question.listed:
        listed = [f"{option.label}) {option.text}" for option in question.options]
        return "\n".join([question.text, *listed, _BY_LETTER])
    if question.options:
        return f"{question.text}\n{_by_words(question.options)}"
    if question.multilabel:
        return f"{question.text}\nName all that apply, with commas between them, or none."
    return f"{question.text}\nAnswer in a few words."


def bare(request: Request) -> str | None:
    """The question of a closed request without what `asked` adds to it."""
    options, text = request.query.options, request.query.text
    listed = "\n".join([*(f"{option.label}) {option.text}" for option in options), _BY_LETTER])
    ends = (listed, _by_words(options)) if options else ()
    return next((text.removesuffix(f"\n{end}") for end in ends if text.endswith(f"\n{end}")), None)


def _by_words(options: Sequence[Option]) -> str:
    return f"Answer with {' or '.join(option.text for option in options)}."


def judge_prompt(question: str, right: str, response: str, *, multilabel: bool) -> str:
    """What a judge model is asked about an open answer. The answer is fenced off: it is untrusted text."""
    rubric, scale = (_LIST_RUBRIC, "0 to 2") if multilabel else (_OPEN_RUBRIC, "1 to 5")
    return "\n".join(
        [
            "Compare an answer to a question about a medical image with the right answer. Judge the meaning and not "
            "the wording; you need not see the image.",
            f"Question: {question}",
            f"Right answer: {right}",
            f"Answer: <<<{response[:4000]}>>>",
            "Scale:",
            rubric,
            f"Reply in one line, 'Rating: N', with N from {scale}, and nothing else.",
        ]
    )
