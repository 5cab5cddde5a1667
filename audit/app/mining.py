"""Mining confusable pairs from a user's own images, and writing them so that they are audited like the official set."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audit.app.encoders import open_encoder
from audit.app.folder import write_text
from audit.core.dataset import Dataset, Record
from audit.core.errors import InputError
from audit.core.model import Encoder, Model
from audit.data.mediconfusion_rows import PairRow
from audit.data.png import encode_png
from audit.store.asker import Progress, quiet
from probes.mediconfusion.mining import Mined, Wanted, mine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 256


@dataclass(frozen=True)
class MiningConfig:
    """What is mined: `encoders` are two specs, alike for the first and different for the second."""

    encoders: tuple[str, str]
    wanted: Wanted
    out: Path
    seed: int = 0
    allow_hosts: tuple[str, ...] = ()


def mine_pairs(data: Dataset, config: MiningConfig, progress: Progress = quiet) -> tuple[PairRow, ...]:
    """Mine pairs of `data` and write them: the JSON at `out`, its images as PNG in `<name>_images` beside it.

    Every image stands in one pair of each kind at most. Raises `InputError` where `out` exists, the data are no
    labelled images, an encoder cannot embed, or nothing is found.
    """
    _check(data, config)
    encoders = [open_encoder(spec, config.allow_hosts, user_images=True) for spec in config.encoders]
    records = data.records
    views = [_embedded(encoder, records, progress) for encoder in encoders]
    import numpy as np

    rng = np.random.default_rng(config.seed)
    found = mine(records, (views[0], views[1]), config.wanted, [record.id for record in records], rng)
    if all(one.easy for one in found):
        raise InputError(
            f"None of {len(records)} images make a pair",
            path=data.source,
            remedy="lower --alike, raise --different, or give images with more labels",
        )
    rows = _rows(found, records, config)
    _write(rows, found, records, config)
    return rows


def _check(data: Dataset, config: MiningConfig) -> None:
    if config.out.exists() or _folder(config.out).exists():
        raise InputError("There is something here already", path=config.out, remedy="name another --out")
    if data.kind != "images":
        raise InputError(f"Expected labelled images but got {data.kind} data", path=data.source)


def _embedded(model: Model, records: Sequence[Record], progress: Progress) -> NDArray[np.float32]:
    """Embeddings of all images, shape (n, d), a batch of images at a time."""
    import numpy as np

    assert isinstance(model, Encoder)
    parts = []
    for start in range(0, len(records), BATCH):
        parts.append(model.embed_images([record.image for record in records[start : start + BATCH]]))
        progress(min(start + BATCH, len(records)), len(records))
    model.close()
    return np.concatenate(parts).astype(np.float32)


def _rows(found: Sequence[Mined], records: Sequence[Record], config: MiningConfig) -> tuple[PairRow, ...]:
    local = _local_ids(found)
    rows = []
    for place, one in enumerate(found):
        both = records[one.first], records[one.second]
        modalities = [record.labels.get("modality", "") for record in both]
        first, second = ((name,) if name else () for name in modalities)
        ids = str(local[one.first]), str(local[one.second])
        rows.append(
            PairRow(
                id=f"mined-{place + 1:05d}",
                question=one.question,
                option_a=one.options[0],
                option_b=one.options[1],
                images=(_image_name(config.out, ids[0]), _image_name(config.out, ids[1])),
                local=ids,
                correct=one.correct,
                categories=(first, second),
                alike=round(one.alike, 6),
                different=round(one.different, 6),
                encoders=config.encoders,
                clusters=(both[0].cluster, both[1].cluster),
                kind="easy" if one.easy else "confusable",
            )
        )
    return tuple(rows)


def _local_ids(found: Sequence[Mined]) -> dict[int, int]:
    """A number from 1 up for each image that is used, in order of first use."""
    used = dict.fromkeys(place for one in found for place in (one.first, one.second))
    return {place: number for number, place in enumerate(used, 1)}


def _folder(out: Path) -> Path:
    return out.with_name(f"{out.stem}_images")


def _image_name(out: Path, local: str) -> str:
    return f"{_folder(out).name}/{local}.png"


def _write(rows: Sequence[PairRow], found: Sequence[Mined], records: Sequence[Record], config: MiningConfig) -> None:
    try:
        _folder(config.out).mkdir(mode=0o700, parents=True)
        for place, number in _local_ids(found).items():
            (config.out.parent / _image_name(config.out, str(number))).write_bytes(encode_png(records[place].image))
        data = {row.id: row.plain() for row in rows}
        write_text(config.out, json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    except OSError as error:
        raise InputError(f"The pairs cannot be written: {error.strerror}", path=config.out) from error
