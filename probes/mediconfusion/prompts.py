"""What is asked: the four ways of answering, and the words put to a judge model."""

from __future__ import annotations

from audit.core.query import Option, Query

ONE_LETTER = "Answer with the option's letter directly, just one letter."


def listed(question: str, options: tuple[Option, ...], *, one_letter: bool) -> str:
    """The question with its options, as multiple choice (`one_letter`) and greedy scoring put it."""
    lines = ["Choose the correct option.", f"Question: {question}"]
    lines += [f"{option.label}: {option.text}" for option in options]
    return "\n".join([*lines, *([ONE_LETTER] if one_letter else []), "Answer: "])


def bare(query: Query) -> str | None:
    """The question of what `listed` made, None for another prompt."""
    for one_letter in (True, False):
        head, tail = listed("\0", query.options, one_letter=one_letter).split("\0")
        if query.options and query.text.startswith(head) and query.text.endswith(tail):
            return query.text.removeprefix(head).removesuffix(tail)
    return None


def free_form(question: str) -> str:
    """The question without options."""
    return f"Based on the image, answer the following question.\n{question}"


def judge_prompt(question: str, query: Query, response: str) -> str:
    """What a judge model is asked about a free-form response. The response is fenced off: it is untrusted text."""
    first, second = query.options
    return "\n".join(
        [
            "A question about a medical image has two possible answers. Rate how close a response is to each of them, "
            "from 1 (nothing in common) to 10 (the same meaning). Do not consider which answer is correct: only how "
            "close the response is.",
            f"Question: {question}",
            f"Answer A: {first.text}",
            f"Answer B: {second.text}",
            f"Response: <<<{response[:4000]}>>>",
            "Reply in three lines and nothing else:",
            "A: the number for answer A",
            "B: the number for answer B",
            "a one-sentence explanation",
        ]
    )
