"""Questions about one image, in many wordings, answered by letter, by text, or by yes and no."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.kinds import KINDS
from audit.data.phantoms.questions import choices

Turn = tuple[str, str]

QUESTIONS = {
    "modality": (
        "What is the imaging modality?", "Which imaging modality is shown?",
        "What modality is used to take this image?", "Modality?", "What kind of medical image is this?",
        "Which modality produced this image?",
    ),
    "anatomy": (
        "Which part of the body is shown?", "What anatomy is shown?", "Which body part does this image show?",
        "What organ or region is imaged?", "Anatomy?",
    ),
    "view": (
        "Which view is this?", "What is the view?", "Which projection or plane is shown?", "View?",
        "What is the view position of this image?",
    ),
    "laterality": (
        "On which side of the patient is it?", "Which side is affected?", "Is it on the left or the right?",
        "Laterality?",
    ),
    "finding": (
        "What is the main finding?", "What is the finding in this image?", "Which abnormality is shown, if any?",
        "What does this image show?", "Finding?", "What is the diagnosis?",
    ),
    "sequence": ("Which MRI sequence is this?", "What is the contrast of this MRI?", "Sequence?"),
    "count": ("How many lesions are there?", "Count the lesions.", "How many lesions can be seen?"),
}  # fmt: skip
TO_LETTER = (
    "Answer with only the letter.", "Answer with the letter of the right option.", "Reply with a single letter.",
    "Answer with the option's letter from the given choices directly.", "Respond with only the letter.", "",
)  # fmt: skip
TO_WORDS = ("", "", "Answer briefly.", "Answer in one or two words.", "Answer with a word or a short phrase.")
TO_YES = ("", "", "Answer yes or no.", "Reply with yes or no.")
STYLES = (*["{}) {}"] * 7, "{}. {}", "({}) {}", "{}: {}")
HINTS = 0.3
WEIGHTS = {
    "modality": 1.0,
    "anatomy": 0.5,
    "view": 1.5,
    "laterality": 3.0,
    "finding": 4.0,
    "sequence": 2.0,
    "count": 2.0,
}


def facts(case: Case, count: int) -> dict[str, str]:
    """What can be asked about a case, with the answers."""
    known = {
        "modality": case.kind.modality,
        "anatomy": case.kind.anatomy,
        "view": case.view,
        "finding": case.finding,
        "laterality": case.side,
        "sequence": case.sequence,
        "count": str(count) if count else "",
    }
    return {name: value for name, value in known.items() if value}


def turn(rng: np.random.Generator, case: Case, count: int, name: str, form: str = "", hints: float = 0.0) -> Turn:
    """One question of the kind `name` in the form letter, text or yes ("" draws one)."""
    answer = facts(case, count)[name]
    form = form or str(rng.choice(("letter", "text", "yes"), p=(0.6, 0.2, 0.2)))
    question = pick(rng, QUESTIONS[name])
    options = _options(name, case, answer)
    if form == "text" or len(options) < 2:
        return _join(question, pick(rng, TO_WORDS)), answer
    if form == "yes":
        shown = answer if rng.random() < 0.5 else pick(rng, [o for o in options if o != answer])
        return _join(_yes_question(rng, name, shown), pick(rng, TO_YES)), "yes" if shown == answer else "no"
    return letter_turn(rng, question, options, answer, hints)


def letter_turn(
    rng: np.random.Generator, question: str, options: Sequence[str], answer: str, hints: float = 0.0
) -> Turn:
    """A multiple-choice question over `options` in random order, often over some of them only.

    A share `hints` says the answer beforehand, so that a model learns early what letters stand for.
    """
    others = [option for option in options if option != answer]
    keep = min(len(others), int(rng.choice((1, 2, 3, 4, 5), p=(0.3, 0.25, 0.25, 0.1, 0.1))))
    shown = [others[i] for i in rng.permutation(len(others))[:keep]] + [answer]
    shown = [shown[i] for i in rng.permutation(len(shown))]
    style = pick(rng, STYLES)
    lines = [style.format(chr(65 + place), option) for place, option in enumerate(shown)]
    head = ("Options:\n" if rng.random() < 0.2 else "") + "\n".join(lines)
    hint = f"Hint: it is {answer}." if rng.random() < hints else ""
    asked = "\n".join(part for part in (hint, question, head, pick(rng, TO_LETTER)) if part)
    return asked, chr(65 + shown.index(answer))


def turns(rng: np.random.Generator, case: Case, count: int, n: int) -> list[Turn]:
    """`n` questions about a case, kinds drawn by weight."""
    names = list(facts(case, count))
    weights = np.array([WEIGHTS[name] for name in names])
    return [turn(rng, case, count, str(rng.choice(names, p=weights / weights.sum())), hints=HINTS) for _ in range(n)]


def _options(name: str, case: Case, answer: str) -> tuple[str, ...]:
    if name == "sequence":
        return ("T1", "T2", "FLAIR")
    if name == "count":
        near = range(max(1, int(answer) - 2), int(answer) + 3)
        return tuple(str(value) for value in near)
    if name == "view":
        return tuple(dict.fromkeys(view for kind in KINDS for view, _ in kind.views))
    return choices(name, case.kind.modality)


_YES = {
    "modality": ("Is this image {}?", "Is the modality {}?", "Was this image taken by {}?"),
    "anatomy": ("Does this image show the {}?", "Is the anatomy {}?"),
    "view": ("Is this a {} view?", "Is the view {}?"),
    "laterality": ("Is it on the {} side?", "Is the {} side affected?"),
    "finding": ("Is there {} in this image?", "Is the finding {}?", "Does this image show {}?"),
    "sequence": ("Is this a {} image?",),
    "count": ("Are there {} lesions?",),
}


def _yes_question(rng: np.random.Generator, name: str, shown: str) -> str:
    return pick(rng, _YES[name]).format(shown)


def _join(question: str, hint: str) -> str:
    return f"{question} {hint}" if hint else question


def pick(rng: np.random.Generator, choices_: Sequence[str]) -> str:
    """One of the choices."""
    return choices_[int(rng.integers(len(choices_)))]
