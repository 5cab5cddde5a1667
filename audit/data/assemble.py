"""From entries to a data set: hash the pixels, replace identifiers, list duplicates, form clusters."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Literal

from audit.core.canonical import Json, digest
from audit.core.dataset import Dataset, DatasetKind, Problem, Record
from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.clusters import connected_components
from audit.data.entry import Entry
from audit.data.pseudonyms import is_placeholder, pseudonym, salt_of

THREADS = 4

# Labels about the picture and the person in it: copies of one image must agree on these.
CONTENT = ("modality", "anatomy", "view", "finding", "laterality", "patient", "sex", "age")


def assemble(
    entries: Sequence[Entry], *, name: str, source: str, rules: Sequence[str], problems: Iterable[Problem] = ()
) -> Dataset:
    """A data set of kind "images". Every image is decoded once; what cannot be decoded is listed as unusable.

    Of pixel-identical entries the first is kept; a later one is listed as a duplicate, or kept beside it and listed
    as a contradiction where labels about the picture differ. Raises `InputError` where nothing is usable.
    """
    checked = hashed(entries)
    usable = [entry for entry in checked if entry.image is not None]
    listed = [*problems, *(problem for entry in checked for problem in _own_problems(entry))]
    if not usable:
        first = next((problem.reason for problem in listed if problem.kind == "unusable"), "no image was found")
        raise InputError(f"none of {len(entries)} images is usable (the first: {first})", path=source)
    salt = salt_of({_sha(entry) for entry in usable})
    named = [_named(entry, salt) for entry in usable]
    kept, doubles = _distinct(named)
    records = _records(kept)
    return Dataset(
        name=name,
        kind="images",
        records=records,
        source=source,
        sha256=dataset_digest("images", records),
        problems=(*listed, *doubles, *_unlabelled(records)),
        rules=(*rules, _cluster_rule(kept)),
        n_seen=len(entries),
        has_patients=all(entry.patient for entry in kept),
    )


def dataset_digest(kind: DatasetKind, records: Sequence[Record]) -> str:
    """sha256 over kind, ids, pixel hashes, clusters, labels and meta, whatever the order of the records."""
    rows: list[Json] = [
        [record.id, record.image.sha256, record.cluster, dict(record.labels), dict(record.meta)]
        for record in sorted(records, key=lambda record: record.id)
    ]
    return digest({"schema": "medaudit.dataset/1", "kind": kind, "records": rows})


def hashed(entries: Sequence[Entry]) -> list[Entry]:
    """The entries with their pixels read once and hashed; those whose pixels cannot be read have lost their image."""
    import PIL.Image

    with warnings.catch_warnings(), ThreadPoolExecutor(THREADS) as pool:
        # the size was checked against our own limit before
        warnings.simplefilter("ignore", PIL.Image.DecompressionBombWarning)
        return list(pool.map(_hash_one, entries))


def _hash_one(entry: Entry) -> Entry:
    if entry.image is None or entry.image.is_hashed:
        return entry
    try:
        pixels = entry.image.pixels
    except InputError as error:
        return replace(entry, image=None, reason=error.problem)
    entry.image.sha256 = Image.of(pixels).sha256  # so that it is not decoded a second time for it
    low, high = int(pixels.min()), int(pixels.max())
    if low == high:
        return _noted(entry, "every pixel has the same value")
    if pixels.dtype.itemsize == 2 and high < 4096:
        return _noted(entry, f"16-bit pixels reach only {high}: shown in 8 bits they are almost black")
    return entry


def _noted(entry: Entry, reason: str) -> Entry:
    return replace(entry, problems=(*entry.problems, Problem("note", entry.place, reason, entry.report_place)))


def _own_problems(entry: Entry) -> tuple[Problem, ...]:
    if entry.image is None:
        return (Problem("unusable", entry.place, entry.reason, entry.report_place),)
    return entry.problems


def _sha(entry: Entry) -> str:
    assert entry.image is not None
    return entry.image.sha256


@dataclass(frozen=True)
class _Named:
    """A usable entry with its labels in full and its identifiers replaced; `patient` and `study` are pseudonyms or
    empty."""

    entry: Entry
    labels: Mapping[str, str]
    patient: str
    study: str

    @property
    def sha256(self) -> str:
        return _sha(self.entry)

    @property
    def cluster(self) -> str:
        return self.patient or self.study or f"i-{self.sha256[:10]}"


def _named(entry: Entry, salt: str) -> _Named:
    who = entry.identity
    patient = "" if is_placeholder(who.patient) else pseudonym("p", salt, who.patient)
    study = "" if is_placeholder(who.study) else pseudonym("s", salt, who.study)
    site = "" if is_placeholder(who.site) else pseudonym("site", salt, " ".join(who.site.lower().split()), digits=6)
    labels = {**entry.labels, "patient": patient, "study": study, "site": site}
    return _Named(entry, {key: value for key, value in labels.items() if value}, patient, study)


def _distinct(named: Sequence[_Named]) -> tuple[list[_Named], list[Problem]]:
    """What is kept, and a problem for every further copy of a picture. Questions of a copy move to the one kept."""
    kept: list[_Named] = []
    places: dict[str, list[int]] = {}
    problems = []
    for one in named:
        same = places.setdefault(one.sha256, [])
        against = [_difference(kept[place], one) for place in same]
        if "" in against:
            place = same[against.index("")]
            first = kept[place]
            kept[place] = replace(first, entry=_with_questions(first.entry, one.entry))
            if not (one.entry.questions and first.entry.file == one.entry.file):
                problems.append(_problem("duplicate", one, f"pixel-identical to {first.entry.report_place}"))
            continue
        if same:
            reason = f"pixel-identical to {kept[same[0]].entry.report_place}, but {against[0]}"
            problems.append(_problem("contradiction", one, reason))
        same.append(len(kept))
        kept.append(one)
    return kept, problems


def _difference(first: _Named, later: _Named) -> str:
    """The label on which two copies contradict each other, in words; "" where none does."""
    for column in CONTENT:
        one, other = first.labels.get(column), later.labels.get(column)
        if one is not None and other is not None and one != other:
            return f"its {column} differs" if column == "patient" else f"its {column} is {other!r}, not {one!r}"
    return ""


def _problem(kind: Literal["duplicate", "contradiction"], one: _Named, reason: str) -> Problem:
    return Problem(kind, one.entry.place, reason, one.entry.report_place)


def _with_questions(entry: Entry, other: Entry) -> Entry:
    new = tuple(question for question in other.questions if question not in entry.questions)
    return replace(entry, questions=(*entry.questions, *new)) if new else entry


def _records(kept: Sequence[_Named]) -> tuple[Record, ...]:
    """Records with unique ids; clusters that share a picture are one."""
    cluster = connected_components((one.cluster, f"pixels {one.sha256}") for one in kept)
    used: dict[str, int] = {}
    records = []
    for one in kept:
        stem = one.sha256[:12]
        used[stem] = used.get(stem, 0) + 1
        meta: dict[str, Json] = {"questions": list(one.entry.questions)} if one.entry.questions else {}
        assert one.entry.image is not None
        records.append(
            Record(
                id=stem if used[stem] == 1 else f"{stem}-{used[stem]}",
                image=one.entry.image,
                cluster=cluster[one.cluster],
                labels=dict(one.labels),
                meta=meta,
            )
        )
    return tuple(records)


def _unlabelled(records: Sequence[Record]) -> list[Problem]:
    """One line per column for the records that say nothing in it."""
    problems = []
    for column in ("modality", "anatomy", "view", "finding"):
        missing = sum(column not in record.labels for record in records)
        if missing:
            place = f"{missing} of {len(records)} images"
            problems.append(Problem("missing_label", place, f"the {column} is unknown", place))
    return problems


def _cluster_rule(kept: Sequence[_Named]) -> str:
    by_patient = sum(bool(one.patient) for one in kept)
    by_study = sum(bool(one.study) and not one.patient for one in kept)
    by_image = len(kept) - by_patient - by_study
    parts = [(by_patient, "the patient"), (by_study, "the study"), (by_image, "the image itself")]
    said = [f"{what} for {number}" for number, what in parts if number]
    if len(said) == 1:
        return f"The cluster, the unit that is resampled, is {next(what for number, what in parts if number)}."
    return f"The cluster, the unit that is resampled, is {', '.join(said)} of {len(kept)} images."
