"""The options of the probe, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields

from audit.core.errors import InputError
from audit.core.settings import Settings
from probes.phi.documents import LAYOUTS, Look
from probes.phi.masking.pixels import PIXEL_STRATEGIES
from probes.phi.way import Way, protection

BOXES = ("given", "detected")
CONTROLS = ("all", "random", "swapped")
ASKS = ("unrelated", "identifiers", "few_shot")
FILLS = ("zero", "mean", "attention")
TOKENS = ("patch_embeddings/zero", "encoder/zero", "projector/zero")
_LAYER = re.compile(r"[a-z_]+(?::\d{1,3})?")


@dataclass(frozen=True)
class Options:
    """Which pages to make, how to hide what identifies on them, and what else to ask.

    - `documents`: pages, one invented patient each. 24 is safely above the 20 clusters below which nothing can pass;
      to show that fewer than one document in a hundred leaks takes 368 without a leak.
    - `burned_in`: images of the data set to draw an invented patient's details on; 0 leaves the data set out.
    - `layouts`: which, () for all in turn. `dpi`, `rotation`, `noise`: the scan (docs/phi-documents.md).
    - `strategies`: hiding in the pixels, each at every one of `radii` (pixels).
    - `tokens`: LAYER/FILL of token strategies, each at every one of `token_radii` (tokens), for models that can.
    - `boxes`: "given" are the true ones, "detected" those that OCR and the recognisers of identifiers find.
    - `controls`: everything hidden, as much elsewhere by chance, columns exchanged.
    - `ask`: something unrelated, for the identifiers outright, and with an example that holds another patient's.
    - `protection`: what stands between the model and its users, and so what the policy's endpoint is about: "none",
      "redacted", "black", "black:8", "projector/zero:1", each with "+redacted" if answers are redacted too.
    - `max_new_tokens`: room for the text of a page.
    """

    documents: int = 24
    burned_in: int = 0
    layouts: tuple[str, ...] = ()
    dpi: int = 100
    rotation: float = 0.5
    noise: float = 3.0
    strategies: tuple[str, ...] = PIXEL_STRATEGIES
    radii: tuple[int, ...] = (0, 8)
    tokens: tuple[str, ...] = TOKENS
    token_radii: tuple[int, ...] = (0, 1)
    boxes: tuple[str, ...] = ("given",)
    controls: tuple[str, ...] = CONTROLS
    ask: tuple[str, ...] = ASKS
    protection: str = "none"
    max_new_tokens: int = 1536

    @property
    def look(self) -> Look:
        """How the pages look."""
        return Look(dpi=self.dpi, rotation=self.rotation, noise=self.noise)

    @property
    def protected(self) -> Way:
        """The declared protection."""
        way = protection(self.protection)
        return Way() if way is None else way


def read_options(given: Mapping[str, object]) -> Options:
    """Options from a mapping (values as typed or as YAML has them). Raises `InputError` naming the key and what it may
    be."""
    told = Settings("phi", given, tuple(field.name for field in fields(Options)))
    default = Options()
    options = Options(
        documents=told.whole("documents", default.documents, 1, 100_000),
        burned_in=told.whole("burned_in", default.burned_in, 0, 100_000),
        layouts=told.several("layouts", default.layouts, tuple(LAYOUTS), none=True),
        dpi=told.whole("dpi", default.dpi, 50, 300),
        rotation=_number(given, "rotation", default.rotation, 10),
        noise=_number(given, "noise", default.noise, 60),
        strategies=told.several("strategies", default.strategies, PIXEL_STRATEGIES, none=True),
        radii=_radii(told, "radii", default.radii),
        tokens=_tokens(told),
        token_radii=_radii(told, "token_radii", default.token_radii),
        boxes=told.several("boxes", default.boxes, BOXES, none=True) or default.boxes,
        controls=told.several("controls", default.controls, CONTROLS, none=True),
        ask=told.several("ask", default.ask, ASKS, none=True),
        protection=str(given.get("protection", default.protection)).strip(),
        max_new_tokens=told.whole("max_new_tokens", default.max_new_tokens, 1, 100_000),
    )
    _check_protection(options)
    return options


def _check_protection(options: Options) -> None:
    way = protection(options.protection)
    if way is None:
        raise InputError(
            f"Expected phi.protection to be none, redacted, STRATEGY or STRATEGY:RADIUS (with +redacted where answers "
            f"are redacted) but got {options.protection!r}"
        )
    pixel = way.strategy in PIXEL_STRATEGIES
    asked, radii = (options.strategies, options.radii) if pixel else (options.tokens, options.token_radii)
    if way.strategy != "none" and (way.strategy not in asked or way.radius not in radii):
        names = ("strategies", "radii") if pixel else ("tokens", "token_radii")
        raise InputError(
            f"phi.protection is {options.protection!r}, which is not among what is asked",
            remedy=f"add it to phi.{names[0]} and phi.{names[1]}",
        )


def _tokens(told: Settings) -> tuple[str, ...]:
    names = told.words("tokens", TOKENS, none=True)
    for name in names:
        layer, _, fill = name.partition("/")
        if _LAYER.fullmatch(layer) is None or fill not in FILLS:
            raise InputError(
                f"Expected phi.tokens to hold LAYER/FILL, such as block:12/zero, but got {name!r}",
                remedy=f"fills: {', '.join(FILLS)}",
            )
    return names


def _radii(told: Settings, key: str, default: tuple[int, ...]) -> tuple[int, ...]:
    words = told.words(key, tuple(map(str, default)), none=True)
    if not words or any(not (word.isascii() and word.isdigit() and int(word[:5]) <= 500) for word in words):
        raise told.wrong(key, "whole numbers, 0 to 500,")
    return tuple(sorted({int(word) for word in words}))


def _number(given: Mapping[str, object], key: str, default: float, high: float) -> float:
    value = given.get(key, default)
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if isinstance(value, bool) or not 0 <= number <= high:
        raise InputError(f"Expected phi.{key} to be a number, 0 to {high:g}, but got {value!r}")
    return number
