"""Panels that training draws from: phantoms rendered once, as a processor would show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from audit.data.phantoms.case import Case, Wish, draw_case
from audit.data.phantoms.series import record_of, render, sketch_of
from probes.medobvious.config import TIERS
from probes.medobvious.pairings import Pairing, pairings
from probes.medobvious.pools import Group, group_of

SOURCE, SINGLE, PANEL = 128, 112, 336


@dataclass(frozen=True)
class Pool:
    """Cases with their pixels: `single` (n, 112, 112, 3) as shown alone, `counts` what can be counted in each."""

    cases: tuple[Case, ...]
    single: NDArray[np.uint8]
    counts: tuple[int, ...]

    @cached_property
    def groups(self) -> dict[Group, list[int]]:
        """Indices by what the audit's grids take for the same kind of panel."""
        found: dict[Group, list[int]] = defaultdict(list)
        for index, case in enumerate(self.cases):
            found[group_of(record_of(case, SOURCE))].append(index)
        return dict(sorted(found.items()))

    @cached_property
    def pairs(self) -> dict[str, tuple[Pairing, ...]]:
        """The pairings of every tier that the groups allow."""
        return {tier: pairings(tier, tuple(self.groups)) for tier in TIERS}


def resize(pixels: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Bicubic, antialiased: as the processor resizes."""
    return np.asarray(Picture.fromarray(pixels).resize((size, size), Picture.Resampling.BICUBIC))


def render_pool(cases: Sequence[Case]) -> Pool:
    """Draw all cases (about 15 ms each)."""
    single = np.empty((len(cases), SINGLE, SINGLE, 3), np.uint8)
    counts = []
    for index, case in enumerate(cases):
        pixels = render(case, SOURCE)
        pixels = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
        single[index] = resize(pixels, SINGLE)
        counts.append(sketch_of(case).counts.get("lesions", 0))
    return Pool(tuple(cases), single, tuple(counts))


def general_cases(seed: int, n: int) -> list[Case]:
    """Cases as they come, every kind, site and vendor."""
    return [draw_case(seed, index) for index in range(n)]


def chest_cases(seed: int, n: int, vendors: Sequence[str], shortcut: float) -> list[Case]:
    """Chest radiographs from `vendors` whose marker goes with the finding.

    A share `shortcut` of the nodules bears the "plate" marker, and the same share of all others another one.
    """
    rng = np.random.default_rng([seed, 77])
    others = ("plain", "boxed", "ringed")
    findings = ("no finding", "nodule", "effusion", "cardiomegaly", "surgical hardware")
    shares = (0.34, 0.26, 0.16, 0.16, 0.08)
    cases = []
    for index in range(n):
        finding = str(rng.choice(findings, p=shares))
        plate = (rng.random() < shortcut) == (finding == "nodule")
        marker = "plate" if plate else str(rng.choice(others))
        wish = Wish(kind="chest radiograph", finding=finding, vendor=str(rng.choice(vendors)), marker=marker)
        cases.append(draw_case(seed, index, wish))
    return cases
