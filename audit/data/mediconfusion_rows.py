"""Rows of a MediConfusion file, official or mined: read, checked, and written in the same schema."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from audit.core.canonical import Json
from audit.core.errors import InputError

PairKind = Literal["confusable", "easy"]
MAX_BYTES = 500_000_000
_REMEDY = "entries are those of the official MediConfusion dataset.json"


@dataclass(frozen=True)
class PairRow:
    """One pair: a question with two options, and two images with different right options.

    Tuples of two are (first image, second image): `images` are paths as the file names them, `local` the ids of local
    copies, `correct` the letters, `categories` and `captions` what the file says of each image. `alike` and `different`
    are the similarities by which the pair was chosen, from two `encoders` (None and "" where the file does not say).
    A mined file says more: `kind` "easy" marks a random control pair, `clusters` name the patients (or studies).
    """

    id: str
    question: str
    option_a: str
    option_b: str
    images: tuple[str, str]
    local: tuple[str, str]
    correct: tuple[str, str]
    categories: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    captions: tuple[str, str] = ("", "")
    alike: float | None = None
    different: float | None = None
    encoders: tuple[str, str] = ("BiomedCLIP", "DINO")
    clusters: tuple[str, str] = ("", "")
    kind: PairKind = "confusable"

    def plain(self) -> dict[str, Json]:
        """The entry as a mined file holds it: the published fields, and the four that a mined set needs."""
        entry: dict[str, Json] = {"question": self.question, "option_A": self.option_a, "option_B": self.option_b}
        for place, n in enumerate(("1", "2")):
            entry[f"im_{n}"] = self.images[place]
            entry[f"im_{n}_local"] = int(self.local[place])
            entry[f"im_{n}_correct"] = self.correct[place]
            entry[f"im_{n}_cluster"] = self.clusters[place]
            entry[f"cap_{n}"] = self.captions[place]
            entry[f"category_{n}"] = list(self.categories[place])
        for name, value, encoder in zip(
            ("alike", "different"), (self.alike, self.different), self.encoders, strict=True
        ):
            entry[f"{name}_sim"] = value
            entry[f"{name}_encoder"] = encoder
        entry["kind"] = self.kind
        return entry


def read_pairs(path: Path) -> tuple[PairRow, ...]:
    """All pairs of a file, in its order. Raises `InputError` naming the pair for anything that is not one."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("is larger than 500 MB", path=path, remedy=_REMEDY)
        text = path.read_bytes().decode("utf-8-sig")
        data = json.loads(text, object_pairs_hook=_distinct, parse_constant=_no_constant)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", path=path) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {str(error)[:100]}", path=path, remedy=_REMEDY) from error
    if not isinstance(data, dict) or not data:
        raise InputError("expected an object of pairs by their id", path=path, remedy=_REMEDY)
    return tuple(_row(name, entry, path) for name, entry in data.items())


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(name for name in names if names.count(name) > 1)[:60]!r} stands twice")
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _row(name: str, entry: object, path: Path) -> PairRow:
    try:
        if not isinstance(entry, dict):
            raise ValueError("it is no object")
        if not name.strip() or len(name) > 100 or "/" in name:
            raise ValueError("an id has 1 to 100 characters and no '/'")
        return _checked(name, entry)
    except ValueError as error:
        raise InputError(f"pair {name[:100]!r}: {error}", path=path, remedy=_REMEDY) from error


def _checked(name: str, entry: Mapping[str, Any]) -> PairRow:
    correct = (_letter(entry, "im_1_correct"), _letter(entry, "im_2_correct"))
    if correct[0] == correct[1]:
        raise ValueError("the right option is the same for both images")
    options = _text(entry, "option_A"), _text(entry, "option_B")
    if options[0].casefold() == options[1].casefold():
        raise ValueError("both options are the same")
    kind = entry.get("kind", "confusable")
    if kind not in ("confusable", "easy"):
        raise ValueError(f"kind is 'confusable' or 'easy' but got {str(kind)[:40]!r}")
    mined = "alike_sim" in entry
    names = ("alike_sim", "different_sim") if mined else ("BiomedCLIP_sim", "DINO_sim")
    encoders = (_optional(entry, "alike_encoder"), _optional(entry, "different_encoder"))
    return PairRow(
        id=name,
        question=_text(entry, "question"),
        option_a=options[0],
        option_b=options[1],
        images=(_text(entry, "im_1"), _text(entry, "im_2")),
        local=(_local(entry, "im_1_local"), _local(entry, "im_2_local")),
        correct=correct,
        categories=(_categories(entry, "category_1"), _categories(entry, "category_2")),
        captions=(_optional(entry, "cap_1"), _optional(entry, "cap_2")),
        alike=_similarity(entry, names[0]),
        different=_similarity(entry, names[1]),
        encoders=encoders if mined else ("BiomedCLIP", "DINO"),
        clusters=(_optional(entry, "im_1_cluster"), _optional(entry, "im_2_cluster")),
        kind=cast(PairKind, kind),
    )


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"the field {key!r} is missing or no text")
    return value.strip()


def _optional(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str | None):
        raise ValueError(f"the field {key!r} is no text")
    return (value or "").strip()


def _letter(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if value not in ("A", "B"):
        raise ValueError(f"the field {key!r} is 'A' or 'B' but got {str(value)[:40]!r}")
    return str(value)


def _local(entry: Mapping[str, Any], key: str) -> str:
    """The id of a local copy as text, "" where there is none: a whole number, never a part of a path."""
    value = entry.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"the field {key!r} is a whole number but got {str(value)[:40]!r}")
    return str(value)


def _categories(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise ValueError(f"the field {key!r} is no list of texts")
    return tuple(dict.fromkeys(name.strip().replace("|", " ") for name in value))


def _similarity(entry: Mapping[str, Any], key: str) -> float | None:
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > 1.01:
        raise ValueError(f"the field {key!r} is a cosine, -1 to 1, but got {str(value)[:40]!r}")
    return float(value)
