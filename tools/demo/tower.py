"""First stage: the vision tower learns to name what it sees, patch by patch, before a word of language.

Linear heads read the kind and view, the finding, the side, a fault, and whether a panel stands out in its grid, off the
mean and the maximum of the panel's patches; they are thrown away afterwards. Language then only has to learn to read
what the patches say already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from audit.data.phantoms.case import Case
from audit.data.phantoms.kinds import KINDS
from demo.build import PATCH, SIZE, WIDTH
from demo.grids import draw_grid
from demo.loop import Schedule, descend
from demo.pool import Pool
from probes.medobvious.violations import WORDS, applicable, violate

SIDE = SIZE // PATCH
KIND_VIEWS = tuple(f"{kind.name} {view}" for kind in KINDS for view, _ in kind.views)
FINDINGS = tuple(dict.fromkeys(name for kind in KINDS for name, _ in kind.findings))
SIDES = ("", "left", "right")
SEQUENCES = ("", "T1", "T2", "FLAIR")
FAULTS = ("", *(name for name in WORDS if name != "duplicate"))
SINGLES, GRIDS = 16, 20
SIZES = (len(KIND_VIEWS), len(FINDINGS), len(SIDES), len(SEQUENCES), len(FAULTS), 2)


def classes(case: Case, fault: str) -> list[int]:
    """The class of a panel for each head."""
    return [
        KIND_VIEWS.index(f"{case.kind.name} {case.view}"),
        FINDINGS.index(case.finding),
        SIDES.index(case.side),
        SEQUENCES.index(case.sequence),
        FAULTS.index(fault),
    ]


def panel_batch(rng: np.random.Generator, pool: Pool, singles: int, grids: int) -> tuple[Any, Any]:
    """Images (n, 112, 112, 3), singles first, and classes (n, 4, heads) of the quadrants (of the whole, four times)."""
    images, labels = [], []
    for index in rng.integers(len(pool.cases), size=singles):
        case, panel, fault = pool.cases[index], pool.single[index], ""
        if rng.random() < 0.1:
            able = [name for name in applicable(case.kind.modality, case.kind.anatomy, _plane(case)) if name in FAULTS]
            fault = able[int(rng.integers(len(able)))]
            panel = np.ascontiguousarray(violate(fault, panel, rng))
        images.append(panel)
        labels.append([[*classes(case, fault), 0]] * 4)
    for _ in range(grids):
        grid = draw_grid(rng, pool, 2, outlier=bool(rng.random() < 0.6), boxed=False)
        fault = grid.fault if grid.fault in FAULTS else ""
        images.append(grid.pixels)
        labels.append(
            [
                [*classes(c, fault if i == grid.outlier else ""), int(i == grid.outlier)]
                for i, c in enumerate(grid.cases)
            ]
        )
    return np.stack(images), np.array(labels)


def _plane(case: Case) -> str:
    return "frontal" if case.view in ("PA", "AP") else case.view


def train_tower(
    model: Any, pool: Pool, schedule: Schedule, seed: int, report: Callable[[int, float, float], None]
) -> None:
    """Train the tower of `model` in place."""
    import torch

    rng = np.random.default_rng([seed, 1])
    torch.manual_seed(seed + 1)
    tower = model.model.vision_tower
    heads = torch.nn.ModuleList([torch.nn.Linear(2 * WIDTH, size) for size in SIZES])
    norm = torch.nn.LayerNorm(2 * WIDTH)
    owned = [*tower.parameters(), *heads.parameters(), *norm.parameters()]
    optimiser = torch.optim.AdamW([{"params": owned, "share": 1.0}], lr=schedule.rate)
    tower.train()

    def backward() -> float:
        images, labels = panel_batch(rng, pool, SINGLES, GRIDS)
        with torch.autocast("cpu", torch.bfloat16):
            loss = sum(_losses(tower, norm, heads, images, labels))
        loss.backward()
        return float(loss.detach())

    descend(tower, optimiser, schedule, backward, report)


def _losses(tower: Any, norm: Any, heads: Any, images: Any, labels: Any) -> list[Any]:
    """The mean cross-entropy of each head; a single image is read as a whole, a grid by quadrants."""
    import torch

    pixels = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 127.5 - 1
    patches = tower(pixels, output_hidden_states=True).hidden_states[-1]
    half = SIDE // 2
    split = patches.reshape(len(images), 2, half, 2, half, WIDTH)
    mean, top = (pooled.reshape(len(images), 4, WIDTH) for pooled in (split.mean(dim=(2, 4)), split.amax(dim=(2, 4))))
    whole = torch.arange(len(images))[:, None, None] < SINGLES
    mean = torch.where(whole, mean.mean(dim=1, keepdim=True), mean)
    top = torch.where(whole, top.amax(dim=1, keepdim=True), top)
    read = norm(torch.cat([mean, top], dim=-1))
    losses = []
    for place, head in enumerate(heads):
        target = torch.from_numpy(labels[:, :, place]).reshape(-1)
        losses.append(torch.nn.functional.cross_entropy(head(read).float().reshape(len(target), -1), target))
    return losses
