"""The options of the probe, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, cast

from audit.core.errors import InputError

TIERS = ("modality", "anatomy", "view", "finding", "integrity")
PROMPTS = ("published", "uniform")
VARIANTS = ("grid", "multi_image")
SYSTEMS = ("none", "prefer_normal")
HOWS = ("generate", "choose")


@dataclass(frozen=True)
class Options:
    """What to build and how to ask.

    - `n_grids`: base grids to generate. 48: without a single false alarm, at least 42 clusters are needed to show
      fewer than one in ten at the default policy's strictest adjusted level (0.0125 one-sided). Official data is taken
      whole.
    - `n_variant_grids`: on how many of them the uniform wording and the separate images are asked as well. 24: these
      only inform, for which 20 clusters are enough. With both defaults about 650 distinct questions.
    - `sizes`: sides of the grids, 2 to 5 (letters end at 26 options).
    - `by`: what sets the outlier apart. `panel`: side of a panel in pixels (published: 336).
    - `prompts`: "published" (condition "clean") and "uniform" (condition "uniform").
    - `variants`: "grid" and "multi_image" (panels as separate images, detection formats, uniform wording).
    - `system`: "prefer_normal" adds the system prompt of some published runs. `how`: how multiple choice is answered.
    - `grids_per_patient`: 1 keeps every patient (image, where unknown) in one grid, so that each grid is a cluster.
    """

    n_grids: int = 48
    n_variant_grids: int = 24
    sizes: tuple[int, ...] = (2, 3)
    by: tuple[str, ...] = TIERS
    panel: int = 336
    prompts: tuple[str, ...] = PROMPTS
    variants: tuple[str, ...] = VARIANTS
    system: Literal["none", "prefer_normal"] = "none"
    how: Literal["generate", "choose"] = "generate"
    grids_per_patient: int = 1


def read_options(given: Mapping[str, object]) -> Options:
    """Options from a mapping (values as typed or as YAML has them). Raises `InputError` naming the key and what it may
    be."""
    known = [field.name for field in fields(Options)]
    for key in given:
        if key not in known:
            raise InputError(f"Unknown option medobvious.{key}", remedy=f"known: {', '.join(known)}")
    default = Options()
    prompts = _several(given, "prompts", default.prompts, PROMPTS)
    variants = _several(given, "variants", default.variants, VARIANTS)
    return Options(
        n_grids=_whole(given, "n_grids", default.n_grids, 1, 100_000),
        n_variant_grids=_whole(given, "n_variant_grids", default.n_variant_grids, 0, 100_000),
        sizes=tuple(sorted({int(size) for size in _several(given, "sizes", ("2", "3"), ("2", "3", "4", "5"))})),
        by=_several(given, "by", default.by, TIERS),
        panel=_whole(given, "panel", default.panel, 32, 2048),
        prompts=prompts,
        variants=variants,
        system=cast(Literal["none", "prefer_normal"], _one(given, "system", default.system, SYSTEMS)),
        how=cast(Literal["generate", "choose"], _one(given, "how", default.how, HOWS)),
        grids_per_patient=_whole(given, "grids_per_patient", default.grids_per_patient, 1, 1000),
    )


def _whole(given: Mapping[str, object], key: str, default: int, low: int, high: int) -> int:
    value = given.get(key, default)
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or not low <= int(text[:12]) <= high:
        raise InputError(f"Expected medobvious.{key} to be a whole number, {low} to {high}, but got {value!r}")
    return int(text)


def _one(given: Mapping[str, object], key: str, default: str, allowed: tuple[str, ...]) -> str:
    value = given.get(key, default)
    if value not in allowed:
        raise InputError(f"Expected medobvious.{key} to be one of {', '.join(allowed)} but got {value!r}")
    return str(value)


def _several(
    given: Mapping[str, object], key: str, default: tuple[str, ...], allowed: tuple[str, ...]
) -> tuple[str, ...]:
    """A comma-separated text or a list, each entry allowed, none twice, at least one; in the order of `allowed`."""
    value = given.get(key, default)
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else [value]
    words = [str(part).strip() for part in parts]
    if not words or any(word not in allowed for word in words):
        raise InputError(f"Expected medobvious.{key} to be some of {', '.join(allowed)} but got {value!r}")
    return tuple(word for word in allowed if word in words)
