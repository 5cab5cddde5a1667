"""MediConfusion data: the official file with its images or a ROCO copy, and pairs mined in the same schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from audit.core.canonical import Json
from audit.core.dataset import Dataset, Problem, Record
from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.absent import absent_image
from audit.data.assemble import dataset_digest, hashed
from audit.data.clusters import connected_components
from audit.data.entry import Entry
from audit.data.files import open_image
from audit.data.mediconfusion_rows import PairRow, read_pairs
from audit.data.options import LoadOptions
from audit.data.paths import inside

FILES = ("mediconfusion_dataset.json", "dataset.json", "pairs.json")
ROCO = "roco-dataset/data"
_ENDINGS = (".jpg", ".jpeg", ".png")
SIDES = ("im_1", "im_2")


def pairs_file(path: Path) -> Path | None:
    """The file of pairs that a path means: a .json file itself, or the first of `FILES` in a folder; else None."""
    if path.is_dir():
        return next((path / name for name in FILES if (path / name).is_file()), None)
    return path if path.suffix.lower() == ".json" and path.is_file() else None


def load_mediconfusion(file: Path, options: LoadOptions) -> Dataset:
    """Read pairs and their images: two records per pair, `<pair id>/im_1` and `<pair id>/im_2`.

    Images lie in the file's folder: where the pair says (in a mined set), as `<local id>.jpg` there or in `images/`,
    or in a copy of ROCO (`roco-dataset/data/...`). `meta` of a record holds pair, side, question, options (texts of A
    and B), correct, categories, alike, different, encoders and kind. The cluster is the connected component of images
    (and of patients, where a mined file names them).

    An image that is not there is listed as a note and one that is damaged as unusable; pairs that lack one are left
    out (kept, without `need_images`, where it is merely not there). Raises `InputError` for a file that is none, or
    where no pair is complete.
    """
    rows = read_pairs(file)
    named = {image: row for row in reversed(rows) for image in zip(row.images, row.local, strict=True)}
    found = {image: _open(image, file.parent, options) for image in sorted(named)}
    images = {image: entry.image for image, entry in found.items() if entry.image is not None}
    problems = [problem for entry in found.values() for problem in entry.problems if entry.image is None]
    complete, twins = _complete(rows, images)
    problems += [Problem("unusable", f"{file}, pair {row.id}", _TWINS, f"pair {row.id}") for row in twins]
    if not complete:
        first = problems[0].reason if problems else "no pair"
        raise InputError(
            f"none of {len(rows)} pairs is complete (the first image: {first})",
            path=file,
            remedy="put the images beside the file as <id>.jpg, in images/, or as a copy of ROCO",
        )
    clusters = _clusters(complete, images)
    records = tuple(record for row in complete for record in _records(row, images, clusters[row.id]))
    return Dataset(
        name=options.name or ("MediConfusion" if file.name in FILES[:2] else file.stem),
        kind="mediconfusion",
        records=records,
        source=str(file),
        sha256=dataset_digest("mediconfusion", records),
        problems=tuple(problems),
        rules=_rules(rows, complete),
        n_seen=len(found),
    )


_TWINS = "both images are pixel-identical, yet their right options differ"
Named = tuple[str, str]


def _rules(rows: Sequence[PairRow], complete: Sequence[PairRow]) -> tuple[str, ...]:
    return (
        f"{len(complete)} of {len(rows)} pairs are complete and were used.",
        "The cluster is the connected component of images: pairs that share an image (or a patient) belong together.",
    )


def _open(named: Named, folder: Path, options: LoadOptions) -> Entry:
    """The image of a name, read and hashed; without one, the problem that says why."""
    path, local = named
    shown = path[:200]
    place, report_place = f"{folder / shown}", f"image {local or 'without a local id'}"

    def lost(kind: str, reason: str) -> Entry:
        problem = Problem("note" if kind == "note" else "unusable", place, reason, report_place)
        return Entry(place, report_place, reason=reason, problems=(problem,))

    try:
        file = _located(named, folder)
        if file is None:
            if options.need_images:
                return lost("note", "there is no such file: its pairs are left out")
            return Entry(place, report_place, image=absent_image(path))
        (entry,) = hashed([Entry(place, report_place, image=open_image(file, options.max_pixels))])
        return entry if entry.image is not None else lost("unusable", entry.reason)
    except InputError as error:
        return lost("unusable", error.problem)
    except (OSError, ValueError) as error:
        return lost("unusable", f"not a path: {str(error)[:100]}")


def _located(named: Named, folder: Path) -> Path | None:
    path, local = named
    plain = path.replace("\\", "/")
    name = plain.rpartition("/")[2]
    copies = [f"{where}{local}{ending}" for where in ("", "images/") for ending in _ENDINGS] if local else []
    for guess in (plain, *copies, f"{ROCO}/{plain}", name, f"images/{name}"):
        file = inside(folder, guess)
        if file is None:
            raise InputError("its path leaves the folder")
        if file.is_file():
            return file
    return None


def _complete(rows: Sequence[PairRow], images: Mapping[Named, Image]) -> tuple[list[PairRow], list[PairRow]]:
    """Pairs with two different images, and those whose images are one."""
    complete: list[PairRow] = []
    twins: list[PairRow] = []
    for row in rows:
        first, second = (images.get(image) for image in zip(row.images, row.local, strict=True))
        if first is not None and second is not None:
            (twins if first.sha256 == second.sha256 else complete).append(row)
    return complete, twins


def _clusters(rows: Sequence[PairRow], images: Mapping[Named, Image]) -> dict[str, str]:
    """The cluster of each pair, named after its first pair."""
    groups: list[tuple[str, ...]] = []
    for row in rows:
        named = tuple(zip(row.images, row.local, strict=True))
        pixels = (f"pixels {images[image].sha256}" for image in named)
        paths = (f"image {path}" for path in row.images)
        people = (f"cluster {name}" for name in row.clusters if name)
        groups.append((f"pair {row.id}", *paths, *pixels, *people))
    component = connected_components(groups)
    first = {component[f"pair {row.id}"]: row.id for row in reversed(rows)}
    return {row.id: f"component-{first[component[f'pair {row.id}']]}" for row in rows}


def _records(row: PairRow, images: Mapping[Named, Image], cluster: str) -> tuple[Record, Record]:
    first, second = (
        Record(
            id=f"{row.id}/{side}",
            image=images[row.images[place], row.local[place]],
            cluster=cluster,
            meta=_meta(row, place),
        )
        for place, side in enumerate(SIDES)
    )
    return first, second


def _meta(row: PairRow, place: int) -> dict[str, Json]:
    return {
        "pair": row.id,
        "side": SIDES[place],
        "question": row.question,
        "options": [row.option_a, row.option_b],
        "correct": row.correct[place],
        "categories": list(row.categories[place]),
        "alike": row.alike,
        "different": row.different,
        "encoders": list(row.encoders),
        "kind": row.kind,
    }
