"""A setting: which feature is planted for which class, and what a model made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from audit.app.selftest.tally import Tally
from audit.core.canonical import Json, digest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.app.benching.training import Read
    from probes.spurious.discovery.region_table import RegionTable

LEARNED = 0.2
"""Of images of other classes: how much oftener they are called the target class with the feature than without."""


@dataclass(frozen=True)
class Setting:
    """One fine-tuned model and one evaluation set. `v` is Cramer's V between `feature` and the class `target` in the
    fine-tuning set, 0 for a clean setting; `number` tells settings apart that are otherwise equal."""

    stage: str
    feature: str
    target: int
    v: float
    number: int

    @property
    def name(self) -> str:
        """ "digits/square/3/v0.9/12"."""
        return f"{self.stage}/{self.feature}/{self.target}/v{self.v:g}/{self.number}"


@dataclass(frozen=True)
class Learned:
    """What the model learned, measured on held-out images of other classes than the target that are in no evaluation
    set: how many are called the target class with the feature, and without it; and how many are right."""

    called_with: Tally
    called_without: Tally
    right_with: Tally
    right_without: Tally

    @property
    def rise(self) -> float:
        """How much oftener the target class is named with the feature than without, -1 to 1."""
        return self.called_with.share - self.called_without.share

    def plain(self) -> dict[str, Json]:
        """As plain data."""
        return {
            "rise": round(self.rise, 4),
            "called_with": self.called_with.plain(),
            "called_without": self.called_without.plain(),
            "right_with": self.right_with.plain(),
            "right_without": self.right_without.plain(),
        }


@dataclass(frozen=True, eq=False)
class Played:
    """A setting played out: the evaluation set's regions, which of them (R,) hold the feature, and what was learned."""

    table: RegionTable
    holds: NDArray[np.bool_]
    learned: Learned


class Stage(Protocol):
    """Where settings are played: images, a model that was pre-trained without any correlation, and features."""

    @property
    def name(self) -> str: ...

    @property
    def features(self) -> tuple[str, ...]: ...

    @property
    def classes(self) -> tuple[str, ...]: ...

    def play(self, setting: Setting) -> Played:
        """Fine-tune for the setting and embed its evaluation set. Deterministic by the stage's seed and the setting."""

    def prepare(self) -> None:
        """Make what all settings share (pre-trained models, pictures), so that processes need not each make it."""


def learned(labels: NDArray[np.intp], predictions: NDArray[np.intp], has: NDArray[np.bool_], target: int) -> Learned:
    """Count over the images of other classes than `target`; all arrays are (N,)."""
    import numpy as np

    others = labels != target

    def tally(event: NDArray[np.bool_], among: NDArray[np.bool_]) -> Tally:
        return Tally(int(np.count_nonzero(event & among)), int(np.count_nonzero(among)))

    called, right = predictions == target, predictions == labels
    return Learned(
        tally(called, others & has), tally(called, others & ~has), tally(right, others & has),
        tally(right, others & ~has),
    )  # fmt: skip


def table_of(read: Read, labels: NDArray[np.intp], patients: NDArray[np.intp]) -> RegionTable:
    """The table of N images with m regions each, as a model reads them."""
    import numpy as np

    from probes.spurious.discovery.region_table import RegionTable

    count, each = read.regions.shape[:2]
    return RegionTable(
        labels=labels,
        predictions=read.predictions,
        patients=patients,
        image=np.repeat(np.arange(count), each),
        embeddings=read.regions.reshape(count * each, -1),
        scores=read.scores.reshape(count * each, -1),
    )


def torch_seed(seed: int, *names: str | int) -> int:
    """A seed for torch, of its own for each list of names."""
    return int(generator(seed, *names).integers(2**31))


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """A generator of its own for each list of names, whatever else is drawn."""
    import numpy as np

    return np.random.default_rng([seed, int(digest(list(names))[:15], 16)])
