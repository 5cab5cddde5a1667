"""Which data each probe works on: what the user named, else the phantoms of the embedded default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from audit.app.config import RunConfig
from audit.core.canonical import digest
from audit.core.dataset import Dataset, Problem, Record
from audit.core.errors import InputError
from audit.core.probe import Probe
from audit.data.options import KEYS, Key

PHANTOMS = 400
OWN_PHANTOMS = {"spurious": ("chest radiograph", 320)}
"""Probes that need many images of one kind, and which: of all phantoms together, one in four is a chest radiograph."""


@dataclass(frozen=True)
class Loaded:
    """One `--data` value, read: the probe it is bound to (None: all), and the dataset."""

    probe: str | None
    dataset: Dataset


def load_data(config: RunConfig, *, need_images: bool, probes: Sequence[str] = ()) -> tuple[Loaded, ...]:
    """Read everything that `--data` names, or make the phantoms that `probes` want. Raises `InputError`.

    `need_images=False` (answers exist already) accepts benchmark rows whose image is not there.
    """
    if not config.data:
        from audit.data.phantoms import phantoms

        wanted = [(name, *OWN_PHANTOMS[name]) for name in probes if name in OWN_PHANTOMS]
        own = [Loaded(name, phantoms(n, config.seed, kind=kind)) for name, kind, n in wanted]
        return (*([Loaded(None, phantoms(PHANTOMS, config.seed))] if len(own) < max(1, len(probes)) else []), *own)
    from audit.data.load import LoadOptions, load

    options = LoadOptions(
        labels=config.labels,
        key=_key(config.key),
        pick=config.pick,
        window=config.window,
        need_images=need_images,
        image_root=config.image_root,
    )
    return tuple(
        Loaded(probe, _unnamed(load(path, options), number)) for number, (probe, path) in enumerate(config.data, 1)
    )


def _unnamed(dataset: Dataset, number: int) -> Dataset:
    """User images under a number: the name of their folder may be that of a patient."""
    return replace(dataset, name=f"data {number}") if dataset.kind == "images" else dataset


def _key(name: str | None) -> Key | None:
    for known in KEYS:
        if name == known:
            return known
    if name is not None:
        raise InputError(f"Unknown key {name!r}", remedy=f"known: {', '.join(KEYS)}")
    return None


def bind(probe: Probe, loaded: Sequence[Loaded]) -> Dataset | None:
    """The one dataset of a probe: what is bound to it by name, else all unbound data of the first kind that it
    takes. None where there is none of a kind that it takes."""
    own = [entry.dataset for entry in loaded if entry.probe == probe.name]
    candidates = own or [entry.dataset for entry in loaded if entry.probe is None]
    for kind in probe.data:
        chosen = [dataset for dataset in candidates if dataset.kind == kind]
        if chosen:
            return chosen[0] if len(chosen) == 1 else merge(chosen)
    return None


def merge(datasets: Sequence[Dataset]) -> Dataset:
    """Several datasets as one. A record that stands in an earlier one too is left out and listed; raises
    `InputError` for equal ids of a benchmark."""
    records: dict[str, Record] = {}
    problems: list[Problem] = [problem for dataset in datasets for problem in dataset.problems]
    for dataset in datasets:
        for record in dataset.records:
            if record.id not in records:
                records[record.id] = record
            elif dataset.kind == "images":
                problems.append(Problem("duplicate", record.image.source, f"stands in two data sets ({record.id})"))
            else:
                raise InputError(f"Two rows have the id {record.id!r}", path=dataset.source, remedy="audit them apart")
    first = datasets[0]
    return replace(
        first,
        name=" + ".join(dataset.name for dataset in datasets),
        records=tuple(records.values()),
        sha256=digest([dataset.sha256 for dataset in datasets]),
        problems=tuple(problems),
        rules=tuple(dict.fromkeys(rule for dataset in datasets for rule in dataset.rules)),
        n_seen=sum(dataset.n_seen for dataset in datasets),
        has_patients=all(dataset.has_patients for dataset in datasets),
    )
