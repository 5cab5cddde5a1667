"""Mitigation from end to end: find the region cluster, fine-tune, judge on other patients, write the checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit.app.folder import write_json
from audit.app.mitigating.regioned import Regioned, labelled, regioned
from audit.app.mitigating.seeing import table_of
from audit.app.mitigating.standing import Finding, Standing, standing, still_found
from audit.app.mitigating.tuning import Schedule, tune
from audit.app.provenance import versions
from audit.core.canonical import Json
from audit.core.dataset import Dataset, Record
from audit.core.errors import InputError
from audit.core.model import Encoder, is_lookup
from audit.models.clip import ClipModel
from audit.models.table import open_model
from audit.store.asker import Progress, quiet

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from audit.models.clip_towers.trainable import Trainable
    from probes.spurious.discovery.region_table import RegionTable

SCHEMA = "medaudit.mitigation/1"
RECORD = "training.json"


@dataclass(frozen=True)
class MitigateConfig:
    """What is mitigated: `model` is a `clip:` or contrastive `demo:` spec, `data` is fine-tuned on, and `evaluation`
    is where the region cluster is found and both models are judged (None: other patients of `data`). `rank` counts the
    kept region clusters from 1, the largest gap first; `encoder` is the spec of what regions are clustered by ("" is
    the model itself, before fine-tuning and after it)."""

    model: str
    data: Dataset
    label: str
    out: Path
    evaluation: Dataset | None = None
    kinds: tuple[str, ...] = ("mark", "quadrant")
    rank: int = 1
    encoder: str = ""
    schedule: Schedule = Schedule()  # noqa: RUF009  frozen
    seed: int = 0
    command: str = ""


@dataclass(frozen=True, eq=False)
class Sets:
    """Three sets of patients that share none: `tune` is fine-tuned on, on `search` the region cluster is found, on
    `judge` both models are compared."""

    classes: tuple[str, ...]
    tune: Regioned
    search: Regioned
    judge: Regioned


def mitigate(config: MitigateConfig, progress: Progress = quiet) -> dict[str, Json]:
    """The record of a mitigation; writes the checkpoint. Where discovery keeps no region cluster nothing is fine-tuned
    or written, and the record has no "after". Raises `InputError`."""
    import numpy as np

    if config.out.exists():
        raise InputError("There is something here already", path=config.out, remedy="name a new folder")
    opened = open_model(config.model)
    if not isinstance(opened, ClipModel):
        raise InputError(f"The model {config.model!r} has no image and text towers", remedy="for example clip:PATH")
    model = opened.trainable()
    split, search, after_search, tuning, judging = np.random.default_rng(config.seed).spawn(5)
    sets = sets_of(config, model, split)
    encoder = _encoder(config.encoder)

    def see(data: Regioned) -> RegionTable:
        return table_of(model, data, sets.classes, encoder, progress)

    seen = see(sets.search)
    record = _head(config, sets, opened)
    found, own = _found(config, seen, search)
    if found is None:
        return record
    record["region_cluster"] = _told(found, own, sets.classes)
    spurious = _assigned(see(sets.tune), found) == found.region_cluster
    before = see(sets.judge)
    assignment = _assigned(before, found)
    stood = standing(before, assignment, found, judging)
    losses = tune(model, sets.tune, spurious, sets.classes, config.schedule, tuning, progress)
    after = see(sets.judge)
    stands = standing(after, assignment, found, judging)
    record |= {
        "spurious_regions_tuned_on": int(np.count_nonzero(spurious)),
        "before": stood.plain(sets.classes),
        "after": {
            **stands.plain(sets.classes),
            "region_cluster": still_found(see(sets.search), own, after_search),
        },
        "difference": differences(before, after, stood, assignment == found.region_cluster, judging),
        "losses": list(losses),
    }
    model.save(config.out)
    write_json(config.out / RECORD, record)
    return record


def sets_of(config: MitigateConfig, model: Trainable, rng: np.random.Generator) -> Sets:
    """Split by patient: without data for evaluation half of the patients of each label are fine-tuned on; of the rest
    half are searched and half are judged. Raises `InputError` where a patient would be in both."""
    import numpy as np

    from probes.spurious.discovery.halves import discovery_half

    first = labelled(config.data.records, config.label, config.data.source)
    given = () if config.evaluation is None else config.evaluation.records
    other = labelled(given, config.label, config.evaluation.source) if config.evaluation else ()
    classes = tuple(sorted({record.labels[config.label] for record in (*first, *other)}))
    if len(classes) < 2:
        raise InputError(f"All images have the same {config.label!r}", path=config.data.source)
    _check_apart(first, other, config)

    def made(records: Sequence[Record]) -> Regioned:
        return regioned(records, config.label, classes, config.kinds, model.seen)

    tuned = made(first)
    if other:
        rest = made(other)
    else:
        half = discovery_half(tuned.labels, tuned.patients, rng)
        tuned, rest = tuned.of(np.flatnonzero(half)), tuned.of(np.flatnonzero(~half))
    half = discovery_half(rest.labels, rest.patients, rng)
    return Sets(classes, tuned, rest.of(np.flatnonzero(half)), rest.of(np.flatnonzero(~half)))


def differences(
    before: RegionTable,
    after: RegionTable,
    stood: Standing,
    member: NDArray[np.bool_],
    rng: np.random.Generator,
) -> dict[str, Json]:
    """Accuracy after less before, paired by patient, with intervals: over all images, and over the group that was the
    worst before. `member` (R,) says which regions lie in the region cluster."""
    import numpy as np

    has = np.zeros(len(before.labels), dtype=np.bool_)
    has[before.image[member]] = True
    worst = stood.worst
    rows = {"accuracy": np.ones(len(has), dtype=np.bool_)}
    if worst is not None:
        rows["group_worst_before"] = (before.labels == worst.label) & (has == worst.has)
    return {name: _difference(before, after, some, rng) for name, some in rows.items()}


def _difference(
    before: RegionTable, after: RegionTable, rows: NDArray[np.bool_], rng: np.random.Generator
) -> dict[str, Json]:
    import numpy as np

    from audit.stats.paired import paired

    _, who = np.unique(before.patients[rows], return_inverse=True)
    size = np.bincount(who).astype(np.float64)
    arms = [np.column_stack([np.bincount(who, one.correct[rows]), size]) for one in (after, before)]
    told = paired(arms[0], arms[1], lambda sums: sums[..., 0] / sums[..., 1], rng)
    interval = told.interval
    return {
        "estimate": round(told.boot.estimate, 5),
        "low": None if interval is None else round(interval.low, 5),
        "high": None if interval is None else round(interval.high, 5),
        "patients": len(size),
    }


def _found(
    config: MitigateConfig, seen: RegionTable, rng: np.random.Generator
) -> tuple[Finding | None, NDArray[np.bool_]]:
    """The region cluster, and which of the searched regions (R,) lie in it. Raises `InputError` for a rank beyond."""
    import numpy as np

    from probes.spurious.discovery.ravl import ravl

    told = ravl(seen, rng)
    own = np.zeros(len(seen.image), dtype=np.bool_)
    if told.clustering is None or not told.kept:
        return None, own
    if not 1 <= config.rank <= len(told.kept):
        raise InputError(f"There are {len(told.kept)} region clusters but --cluster is {config.rank}")
    kept = told.kept[config.rank - 1]
    own[kept.regions] = True
    medoids = seen.embeddings[told.clustering.medoids]
    return Finding(kept.region_cluster, medoids, kept.gap, kept.influence, kept.attribute), own


def _encoder(spec: str) -> Encoder | None:
    if not spec:
        return None
    model = open_model(spec)
    if is_lookup(model) or "embed" not in model.capabilities or not isinstance(model, Encoder):
        raise InputError(f"The model {spec!r} cannot embed images", remedy="for example features:skimage")
    return model


def _assigned(table: RegionTable, found: Finding) -> NDArray[np.intp]:
    from probes.spurious.discovery.clustering import assign

    return assign(table.embeddings, found.medoids)


def _told(found: Finding, own: NDArray[np.bool_], classes: Sequence[str]) -> dict[str, Json]:
    return {
        "clusters": len(found.medoids),
        "performance_gap": round(found.gap, 5),
        "influence": round(found.influence, 5),
        "attribute": classes[found.attribute],
        "regions": int(own.sum()),
    }


def _check_apart(first: Sequence[Record], other: Sequence[Record], config: MitigateConfig) -> None:
    """Two data sets give pseudonyms of their own, so that only equal pixels can be told."""
    shared = {record.id for record in first} & {record.id for record in other}
    if shared:
        raise InputError(
            f"{len(shared)} images are in --data and in --eval", path=config.data.source, remedy="give other patients"
        )


def _head(config: MitigateConfig, sets: Sets, opened: ClipModel) -> dict[str, Json]:
    return {
        "schema": SCHEMA,
        "command": config.command,
        "model": opened.spec,
        "fingerprint": dict(opened.fingerprint),
        "label": config.label,
        "classes": list(sets.classes),
        "regions": list(config.kinds),
        "encoder": config.encoder or opened.spec,
        "seed": config.seed,
        "schedule": asdict(config.schedule),
        "images": {name: len(getattr(sets, name).images) for name in ("tune", "search", "judge")},
        "patients": {name: getattr(sets, name).n_patients for name in ("tune", "search", "judge")},
        "region_cluster": None,
        "versions": versions(),
    }
