"""How a simulated model words what it means: in one word, or at length."""

from __future__ import annotations

from collections.abc import Callable

from audit.core.answer import Answer
from audit.core.item import Request
from audit.core.query import Option
from audit.models.guess import named, told

Voice = Callable[[Request, str, int], Answer]

REFUSAL = "I'm sorry, but I cannot help with interpreting medical images."
_LISTED = (
    "**Answer:** {label}) {text}",
    "The correct answer is {label}.",
    "{label}) {text}\n\nThis is what the appearance of the image as a whole suggests.",
    "After looking carefully at every part of what is shown, I am confident.\n\nFinal answer: ({label})",
)
_PLAIN = (
    "Answer: {text}.",
    "{text}. This is what the appearance of the image as a whole suggests.",
    "{text}\n\nI looked at every part of what is shown before I answered.",
)
_OPEN = ("{text}", "{text}.", "**{text}**")


def briefly(request: Request, meant: str, _: int) -> Answer:
    """The label alone, or probabilities that favour it, as the query asks for."""
    return told(request.query, meant)


def at_length(request: Request, meant: str, turn: int) -> Answer:
    """The same, dressed in the sentences of a model that likes to talk; `turn` picks among them. What it means is as
    plain to a person as the label alone would be."""
    query = request.query
    if query.how != "generate":
        return told(query, meant)
    option = named(query.options, meant) or Option(meant, meant)
    forms = _OPEN if not query.options else _PLAIN if option.label == option.text else _LISTED
    return Answer(forms[turn % len(forms)].format(label=option.label, text=option.text))
