"""The options of the probe, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, cast

from audit.core.settings import Settings

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
    told = Settings("medobvious", given, tuple(field.name for field in fields(Options)))
    default = Options()
    prompts = told.several("prompts", default.prompts, PROMPTS)
    variants = told.several("variants", default.variants, VARIANTS)
    return Options(
        n_grids=told.whole("n_grids", default.n_grids, 1, 100_000),
        n_variant_grids=told.whole("n_variant_grids", default.n_variant_grids, 0, 100_000),
        sizes=tuple(sorted({int(size) for size in told.several("sizes", ("2", "3"), ("2", "3", "4", "5"))})),
        by=told.several("by", default.by, TIERS),
        panel=told.whole("panel", default.panel, 32, 2048),
        prompts=prompts,
        variants=variants,
        system=cast(Literal["none", "prefer_normal"], told.one("system", default.system, SYSTEMS)),
        how=cast(Literal["generate", "choose"], told.one("how", default.how, HOWS)),
        grids_per_patient=told.whole("grids_per_patient", default.grids_per_patient, 1, 1000),
    )
