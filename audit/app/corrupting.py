"""Contact sheets of corruptions: one image per modality, every corruption it meets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.files import SUFFIXES, open_image
from audit.data.load import load
from audit.data.options import LoadOptions
from audit.data.vocabulary import canonical_label
from probes.shifts.corruptions.corruption import Corruption
from probes.shifts.corruptions.registry import CORRUPTIONS, for_modality, is_grey
from probes.shifts.corruptions.sheet import contact_sheet


@dataclass(frozen=True)
class Wanted:
    """What to draw: a modality instead of the labels', corruptions instead of all, and the seed of their draws."""

    modality: str | None = None
    names: tuple[str, ...] = ()
    seed: int = 0


def write_sheets(source: Path, folder: Path, wanted: Wanted) -> tuple[Path, ...]:
    """Write one PNG per modality of `source` (an image, or what `load` reads) and return their paths.

    Raises `InputError` for an unknown corruption, for a modality that is neither labelled nor given, and where no
    corruption that was asked for occurs in it.
    """
    if wanted.seed < 0:
        raise InputError(f"Expected a seed of 0 or more but got {wanted.seed}")
    unknown = [name for name in wanted.names if name not in CORRUPTIONS]
    if unknown:
        raise InputError(f"Unknown corruption {unknown[0]!r}", remedy=f"known: {', '.join(CORRUPTIONS)}")
    written = []
    for modality, image in _images(source, wanted).items():
        pixels = image.pixels
        entries = _entries(modality, wanted.names, grey=is_grey(pixels))
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{re.sub(r'[^a-z0-9]+', '-', modality.lower()).strip('-') or 'images'}.png"
        contact_sheet(pixels, modality, entries, wanted.seed).save(file)
        written.append(file)
    return tuple(written)


def _images(source: Path, wanted: Wanted) -> dict[str, Image]:
    """One image of each modality, in the order of their first appearance."""
    given = None if wanted.modality is None else canonical_label("modality", wanted.modality).value
    if source.suffix.lower() in SUFFIXES and source.is_file():
        if given is None:
            raise InputError("the image has no modality", path=source, remedy="--modality X-ray, CT, MRI, ...")
        return {given: open_image(source, LoadOptions().max_pixels)}
    found: dict[str, Image] = {}
    records = load(source).records
    for record in records:
        modality = record.labels.get("modality")
        if modality is not None and given in (None, modality):
            found.setdefault(modality, record.image)
    unlabelled = [record.image for record in records if "modality" not in record.labels]
    if given is not None and not found and unlabelled:
        found[given] = unlabelled[0]
    if not found:
        what = "has no image with a modality" if given is None else f"has no image of modality {given!r}"
        raise InputError(what, path=source, remedy="--modality, or a manifest with that column")
    return found


def _entries(modality: str, names: Sequence[str], *, grey: bool) -> tuple[Corruption, ...]:
    possible = for_modality(modality, grey=grey, sanity=True)
    entries = tuple(entry for entry in possible if not names or entry.name in names)
    if not entries:
        known = ", ".join(entry.name for entry in possible)
        raise InputError(f"None of these corruptions occurs in {modality!r}", remedy=f"it meets {known}")
    return entries
