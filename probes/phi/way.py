"""A way of keeping identifiers from a model or its answers: what a condition stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from audit.core.item import CLEAN
from probes.phi.masking.pixels import PIXEL_STRATEGIES

Hidden = Literal["boxes", "all", "random"]
Source = Literal["given", "detected"]
NONE = "none"
LEAKS = "leaks:"
REDACTED = "+redacted"
_HIDDEN: dict[str, Hidden] = {"all": "all", "random": "random"}


@dataclass(frozen=True)
class Way:
    """How a page is shown, and what becomes of the answer.

    `strategy` is "none", a pixel strategy ("black") or layer and fill of a token strategy ("projector/zero"). `radius`
    is the dilation, in pixels or tokens. `hidden`: the identifiers' boxes, everything, or as much elsewhere at random.
    `source`: boxes that are known, or that a detector found. `swapped`: the page with its columns exchanged.
    `redacted`: the answer with the identifiers that are recognised in it replaced; nothing more is asked for that.
    """

    strategy: str = NONE
    radius: int = 0
    hidden: Hidden = "boxes"
    source: Source = "given"
    swapped: bool = False
    redacted: bool = False

    @property
    def condition(self) -> str:
        """Its name: "clean", "pixel:black:0", "swapped:token:projector:zero:1", "random:pixel:black:0+redacted"."""
        parts = ["swapped"] if self.swapped else []
        parts += ["detected"] if self.source == "detected" else []
        parts += [] if self.hidden == "boxes" else [self.hidden]
        if self.strategy in PIXEL_STRATEGIES:
            parts += ["pixel", self.strategy, str(self.radius)]
        elif self.strategy != NONE:
            parts += ["token", *self.strategy.split("/"), str(self.radius)]
        return (":".join(parts) or CLEAN) + (REDACTED if self.redacted else "")

    @property
    def unmasked(self) -> Way:
        """The same page with nothing hidden and nothing redacted: what its leaks are counted against."""
        return Way(swapped=self.swapped)

    @property
    def plain(self) -> bool:
        """Whether the identifiers themselves are hidden, or nothing is, on the page as it is, by boxes that are
        known: the ways that redaction is combined with."""
        return self.hidden == "boxes" and self.source == "given" and not self.swapped

    @property
    def tags(self) -> dict[str, str]:
        """What findings about it are tagged with."""
        found = {"strategy": self.strategy}
        if self.strategy != NONE:
            found["radius"] = str(self.radius)
        extra = {
            "hidden": "" if self.hidden == "boxes" else self.hidden,
            "boxes": "" if self.source == "given" else self.source,
            "page": "swapped" if self.swapped else "",
            "output": "redacted" if self.redacted else "",
        }
        return found | {name: value for name, value in extra.items() if value}

    @property
    def title(self) -> str:
        """For a heading: "black, radius 8, redacted"."""
        if self.strategy == NONE:
            parts = ["redacted" if self.redacted else "unmasked"]
        else:
            parts = [self.strategy.replace("_", " "), f"radius {self.radius}", *(["redacted"] if self.redacted else [])]
        parts += (
            [] if self.hidden == "boxes" else [{"all": "everything hidden", "random": "hidden by chance"}[self.hidden]]
        )
        parts += ["detected boxes"] if self.source == "detected" else []
        return ", ".join([*parts, *(["columns exchanged"] if self.swapped else [])])

    @property
    def words(self) -> str:
        """For a sentence: "identifiers blacked out (radius 8 pixels)"."""
        what = {"boxes": "identifiers", "all": "everything", "random": "as much elsewhere, by chance,"}[self.hidden]
        if self.strategy == NONE:
            said = "the page as it is"
        elif self.strategy in PIXEL_STRATEGIES:
            said = f"{what} hidden in the pixels ({self.strategy}, radius {self.radius} pixels)"
        else:
            layer, fill = self.strategy.split("/")
            said = f"the tokens of {what} hidden ({layer}, {fill}, radius {self.radius})"
        said += ", boxes as detected" if self.source == "detected" else ""
        said += ", columns exchanged" if self.swapped else ""
        return said + (", the answer redacted" if self.redacted else "")


def way_of(condition: str) -> Way | None:
    """The way that a condition (of answers, or of what is derived from them) names, None for one of another make."""
    condition = condition.removeprefix(LEAKS)
    name, redacted = condition.removesuffix(REDACTED), condition.endswith(REDACTED)
    parts = [] if name == CLEAN else name.split(":")
    swapped, source, hidden = False, "given", "boxes"
    if parts[:1] == ["swapped"]:
        swapped, parts = True, parts[1:]
    if parts[:1] == ["detected"]:
        source, parts = "detected", parts[1:]
    if parts and parts[0] in _HIDDEN:
        hidden, parts = _HIDDEN[parts[0]], parts[1:]
    if not parts:
        return Way(swapped=swapped, redacted=redacted) if (source, hidden) == ("given", "boxes") else None
    kind, radius = parts[0], parts[-1]
    if kind not in ("pixel", "token") or not radius.isdecimal() or len(parts) < (3 if kind == "pixel" else 4):
        return None
    strategy = parts[1] if kind == "pixel" else f"{':'.join(parts[1:-2])}/{parts[-2]}"
    return Way(strategy, int(radius), hidden, source, swapped, redacted)  # type: ignore[arg-type]


def protection(text: str) -> Way | None:
    """What a user writes: "none", "redacted", "black", "black:8", "projector/zero:1+redacted"; None for all else."""
    name, _, plus = text.strip().partition("+")
    if plus not in ("", "redacted"):
        return None
    if name == "redacted" and not plus:
        return Way(redacted=True)
    strategy, radius = name, "0"
    if name.rpartition(":")[2].isdecimal():
        strategy, _, radius = name.rpartition(":")
    token = strategy.count("/") == 1 and all(strategy.split("/"))
    if strategy == NONE:
        return Way(redacted=bool(plus)) if radius == "0" else None
    return Way(strategy, int(radius), redacted=bool(plus)) if token or strategy in PIXEL_STRATEGIES else None
