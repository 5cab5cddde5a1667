"""Which corruptions are asked of which questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from audit.core.errors import InputError
from audit.core.image import Image
from probes.shifts.config import Options
from probes.shifts.corruptions.registry import CORRUPTIONS, corrupted, for_modality
from probes.shifts.questions import Question

CORRUPTION = "corruption"
# One of resolution or compression, one of noise, one of intensity, where a modality has them: kinds that every
# hospital meets. What else a modality has follows in the order of the registry.
FIRST = (
    "jpeg",
    "gaussian_noise",
    "rician_noise",
    "contrast_down",
    "mri_bias_field",
    "pixelate",
    "brightness_down",
    "motion_blur",
)


def condition_of(name: str, severity: int) -> str:
    """The condition of a corruption at a severity."""
    return f"{CORRUPTION}:{name}:{severity}"


def chosen(questions: Sequence[Question], options: Options) -> Mapping[str, tuple[str, ...]]:
    """The names of the corruptions for each modality ("" where it is unknown) of these questions.

    Without names: `per_modality` that preserve meaning and need no colour, the usual ones first, then those that most
    modalities present share.
    """
    modalities = sorted({modality_of(question) for question in questions})
    if options.corruptions == ("none",):
        return dict.fromkeys(modalities, ())
    if options.corruptions:
        return {
            modality: tuple(name for name in options.corruptions if CORRUPTIONS[name].occurs_in(modality))
            for modality in modalities
        }
    possible = {
        modality: [entry.name for entry in for_modality(modality, grey=True) if _has_value(entry.name, modality)]
        for modality in modalities
    }
    common = Counter(name for names in possible.values() for name in names)
    order = {name: place for place, name in enumerate(CORRUPTIONS)}

    def rank(name: str) -> tuple[int, int, int]:
        return (FIRST.index(name) if name in FIRST else len(FIRST), -common[name], order[name])

    return {modality: tuple(sorted(names, key=rank)[: options.per_modality]) for modality, names in possible.items()}


def _has_value(name: str, modality: str) -> bool:
    try:
        CORRUPTIONS[name].value(1, modality)
    except KeyError:
        return False
    return True


def modality_of(question: Question) -> str:
    """The modality as labelled, "" where unknown."""
    return question.labels.get("modality", "")


def shifted_image(image: Image, name: str, severity: int, modality: str, known: dict[str, Image]) -> Image | None:
    """The corrupted image, made once for all questions about it; None where the corruption does not fit it."""
    key = f"{id(image)}|{name}|{severity}|{modality}"
    if key not in known:
        if CORRUPTIONS[name].colour and not _has_colour(image):
            return None
        known[key] = corrupted(image, name, severity, modality, 0)
    return known[key]


def _has_colour(image: Image) -> bool:
    try:
        pixels = image.pixels
    except InputError:
        return True
    return pixels.ndim == 3 and bool((pixels != pixels[..., :1]).any())
