"""The options of the probe, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal

from audit.core.errors import InputError
from audit.core.settings import Settings

KINDS = ("user", "text", "mark", "quadrant", "grid", "superpixel")
FILLS = ("blur", "inpaint", "mean")
_SCALE = re.compile(r"([1-9]\d?)x([1-9]\d?)")
_WHOLE = {"items": (20, 1_000_000), "budget": (0, 100_000), "exploratory": (0, 100_000), "crops": (0, 1_000_000)}


@dataclass(frozen=True)
class Options:
    """What is classified, which regions are looked at, and how many images may be changed.

    - `label`: the column whose values the model is to tell apart. `group`: "MODALITY/ANATOMY" of the images, "" for the
      commonest.
    - `items`: images asked about at most. `crops`: on how many of them every region is asked about alone as well.
    - `regions`: kinds of region; `scales` of the grid, as rows x columns.
    - `encoder`: a model spec that embeds regions; "" for the audited model where it is contrastive, else image
      features.
    - `how`: `choose` asks for the probability of every option, `generate` for an answer in words (servers that give no
      probabilities).
    - `budget`: images that are changed per region cluster and half of the patients; `exploratory`: the same for
      clusters of regions that may have a clinical meaning. `fill`: what stands where a region was removed.
    """

    label: str = "finding"
    items: int = 400
    regions: tuple[str, ...] = ("mark", "grid")
    scales: tuple[str, ...] = ("2x2",)
    encoder: str = ""
    how: Literal["choose", "generate"] = "choose"
    budget: int = 24
    exploratory: int = 0
    crops: int = 80
    fill: str = "blur"
    group: str = ""

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The scales of the grid as (rows, columns)."""
        return tuple((int(rows), int(columns)) for rows, columns in (scale.split("x") for scale in self.scales))


def read_options(given: Mapping[str, object]) -> Options:
    """Options from a mapping (values as typed or as YAML has them). Raises `InputError` naming the key and what it may
    be."""
    told = Settings("spurious", given, tuple(field.name for field in fields(Options)))
    default = Options()
    scales = told.words("scales", default.scales)
    if not scales or any(_SCALE.fullmatch(word) is None for word in scales):
        raise told.wrong("scales", "sizes such as 2x2")
    return Options(
        label=_text(given, "label", default.label).lower(),
        regions=told.several("regions", default.regions, KINDS),
        scales=scales,
        encoder=_text(given, "encoder", default.encoder),
        how="generate" if told.one("how", default.how, ("choose", "generate")) == "generate" else "choose",
        fill=told.one("fill", default.fill, FILLS),
        group=_group(_text(given, "group", default.group)),
        **{key: told.whole(key, getattr(default, key), *limits) for key, limits in _WHOLE.items()},
    )


def _group(text: str) -> str:
    if text and text.count("/") != 1:
        raise InputError(f"Expected spurious.group to be MODALITY/ANATOMY but got {text!r}", remedy="as X-ray/chest")
    return text


def _text(given: Mapping[str, object], key: str, default: str) -> str:
    value = given.get(key, default)
    if not isinstance(value, str) or (not value.strip() and default):
        raise InputError(f"Expected spurious.{key} to be a text but got {value!r}")
    return value.strip()
