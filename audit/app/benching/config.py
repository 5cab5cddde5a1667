"""What `medaudit bench spurious` was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from audit.app.benching.digit_stage import PUBLISHED, DigitSizes, DigitStage
from audit.app.benching.phantom_stage import PhantomSizes, PhantomStage
from audit.app.benching.setting import Setting, Stage
from audit.core.canonical import Json, digest
from audit.core.errors import InputError

VS = (0.7, 0.8, 0.9, 0.95, 0.99)
STAGES = ("digits", "phantoms")
DIGITS = DigitSizes()
DIGITS_CLEAN = DigitSizes(finetune=500, finetune_epochs=1, verify=200, evaluate=300)
PHANTOMS = PhantomSizes()
Task = tuple[str, Setting]


@dataclass(frozen=True)
class BenchConfig:
    """`settings` per feature and Cramer's V (`vs`), `clean` ones without correlation for each stage; `mitigate`: digit
    settings are fine-tuned once more, with the region-aware loss. `digits`, `digits_clean` and `phantoms` are sizes.
    Results depend on all but `processes`, `out` and `command`."""

    stages: tuple[str, ...] = STAGES
    vs: tuple[float, ...] = VS
    settings: int = 10
    clean: int = 400
    mitigate: bool = False
    digits: DigitSizes = DIGITS
    digits_clean: DigitSizes = DIGITS_CLEAN
    phantoms: PhantomSizes = PHANTOMS
    seed: int = 0
    processes: int = 1
    out: Path | None = None
    command: str = "medaudit bench spurious"

    def __post_init__(self) -> None:
        unknown = [name for name in self.stages if name not in STAGES]
        if unknown:
            raise InputError(f"Unknown stage {unknown[0]!r}", remedy=f"known: {', '.join(STAGES)}")
        if any(not 0 < v <= 1 for v in self.vs):
            raise InputError(f"Expected Cramer's V above 0 and at most 1 but got {self.vs}")

    def stage(self, kind: str, name: str) -> Stage:
        """The stage that a task of a kind is played on."""
        if name == "digits":
            return DigitStage(self.digits_clean if kind == "clean" else self.digits, self.seed)
        return PhantomStage(self.phantoms, self.seed)

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is tried: (kind, setting), kinds "sweep", "clean", "mitigate". Target classes take turns."""
        found: list[Task] = []
        for name in self.stages:
            stage = self.stage("sweep", name)
            turns = len(stage.classes)
            for feature in stage.features:
                for v in self.vs:
                    found += [("sweep", Setting(name, feature, n % turns, v, n)) for n in range(self.settings)]
            features = stage.features
            for n in range(self.clean):
                feature = features[n % len(features)]
                found.append(("clean", Setting(name, feature, n // len(features) % turns, 0.0, n)))
        if self.mitigate:
            found += [("mitigate", setting) for kind, setting in found if kind == "sweep" and setting.stage == "digits"]
        return tuple(found)

    def plain(self) -> dict[str, Json]:
        """What the results depend on."""
        return {
            "stages": list(self.stages),
            "vs": list(self.vs),
            "settings": self.settings,
            "clean": self.clean,
            "mitigate": self.mitigate,
            "seed": self.seed,
            "digits": vars(self.digits),
            "digits_clean": vars(self.digits_clean),
            "phantoms": vars(self.phantoms),
        }

    @property
    def key(self) -> str:
        """A digest of what a row depends on: sizes and seed, not how many rows there are."""
        told = self.plain()
        return digest([told[name] for name in ("seed", "digits", "digits_clean", "phantoms")])


def quick(config: BenchConfig) -> BenchConfig:
    """Sizes that take less than a minute, for a look and for tests: too few settings to show a rate."""
    return replace(
        config,
        vs=(0.99,),
        settings=2,
        clean=4,
        digits=replace(config.digits, pretrain=1000, finetune=1000, verify=400, evaluate=300, bases=1),
        digits_clean=replace(
            config.digits_clean, pretrain=1000, finetune=300, finetune_epochs=1, verify=100, evaluate=200, bases=1
        ),
        phantoms=replace(config.phantoms, train=120, verify=60, evaluate=100),
    )


def published(config: BenchConfig) -> BenchConfig:
    """The numbers of digit images that the paper used (the epochs stay ours): hours on two cores."""
    return replace(config, digits=PUBLISHED)


PRESETS: Mapping[str, Callable[[BenchConfig], BenchConfig]] = {"quick": quick, "published": published}


def resized(
    config: BenchConfig,
    *,
    stages: tuple[str, ...] = (),
    vs: tuple[float, ...] = (),
    counts: Mapping[str, int | None] | None = None,
    mitigate: bool = False,
    preset: str = "",
    digits: Mapping[str, int | None] | None = None,
    out: Path | None = None,
) -> BenchConfig:
    """The config with what was typed: a preset first, then what was given beside it. `counts` are of settings,
    `digits` sizes of the digit stage; None leaves a number as it is. Raises `InputError`."""
    config = PRESETS[preset](config) if preset else config
    own = {name: number for name, number in (digits or {}).items() if number is not None}
    number = {name: one for name, one in (counts or {}).items() if one is not None}
    if any(one < 0 for one in number.values()):
        raise InputError(f"Expected numbers of settings from 0 up but got {number}")
    return replace(
        config,
        stages=stages or config.stages,
        vs=vs or config.vs,
        settings=number.get("settings", config.settings),
        clean=number.get("clean", config.clean),
        digits=replace(config.digits, **own),
        digits_clean=replace(
            config.digits_clean, **{name: one for name, one in own.items() if name.startswith("pretrain")}
        ),
        mitigate=mitigate,
        out=out,
    )
