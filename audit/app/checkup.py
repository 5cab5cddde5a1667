"""The checks of `medaudit doctor`."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from audit.app.table import PLANNED, PROBES
from audit.core.errors import InputError
from audit.core.model import is_lookup
from audit.core.query import Decoding, Query, ask

NEEDED = (
    "numpy",
    "scipy",
    "pillow",
    "pydicom",
    "pyyaml",
    "pydantic",
    "pyarrow",
    "jinja2",
    "matplotlib",
    "rich",
    "httpx",
)
EXTRAS = {
    "torch": "hf: and clip: models (extra `hf`)",
    "transformers": "hf: and clip: models (extra `hf`)",
    "peft": "adapter weights, ?peft=PATH (extra `peft`)",
    "open_clip_torch": "open_clip checkpoints (extra `open-clip`)",
    "pylibjpeg": "compressed DICOM files (extra `dicom`)",
    "nibabel": "NIfTI volumes (extra `nifti`)",
    "scikit-image": "CT phantoms (extra `demo`)",
}


@dataclass(frozen=True)
class Check:
    """One line: `missing` needs mending, `absent` is optional."""

    name: str
    state: Literal["ok", "absent", "missing", "warning"]
    detail: str


def checkup() -> Iterator[Check]:
    """Checks of packages, plugins, device and disk; nothing is loaded that a run would not load."""
    for name in NEEDED:
        yield _package(name, "missing", "needed by every run")
    for name, use in EXTRAS.items():
        yield _package(name, "absent", use)
    yield from _plugins()
    yield _device()
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    yield Check("disk", "ok" if free > 2 else "warning", f"{free:.0f} GiB free in the current folder")
    yield _folder()


def check_model(spec: str) -> Iterator[Check]:
    """Open a model and ask it one question without an image."""
    from audit.models.table import open_model

    try:
        model = open_model(spec)
    except InputError as error:
        yield Check("model", "missing", str(error))
        return
    yield Check("model", "ok", f"{model.spec}: {', '.join(sorted(model.capabilities))}")
    if is_lookup(model) or "generate" not in model.capabilities:
        return
    query = Query(ask("Answer with one word: is a chest radiograph an image?"), decoding=Decoding(max_new_tokens=8))
    try:
        answer = dict(model.answers([query]))[0]
    finally:
        model.close()
    state: Literal["ok", "missing"] = "missing" if answer.status == "error" else "ok"
    yield Check("answer", state, answer.detail or f"{answer.text[:60]!r} ({answer.status})")


def _package(name: str, state: Literal["absent", "missing"], use: str) -> Check:
    try:
        return Check(name, "ok", version(name))
    except PackageNotFoundError:
        return Check(name, state, use)


def _plugins() -> Iterator[Check]:
    for name in sorted({*PROBES.targets(), *PLANNED}):
        if name not in PROBES.targets():
            yield Check(f"probe {name}", "absent", "not built yet")
            continue
        try:
            PROBES.load(name)
        except InputError as error:
            yield Check(f"probe {name}", "missing", str(error))
        else:
            yield Check(f"probe {name}", "ok", PROBES.targets()[name])


def _device() -> Check:
    if importlib.util.find_spec("torch") is None:
        return Check("device", "absent", "no torch: models over HTTP and replays only")
    import torch

    if torch.cuda.is_available():
        return Check("device", "ok", f"{torch.cuda.device_count()} CUDA device(s): {torch.cuda.get_device_name(0)}")
    return Check("device", "ok", f"CPU, {os.cpu_count()} cores")


def _folder() -> Check:
    from audit.store.filesystem import wal_is_safe

    if wal_is_safe(Path.cwd()):
        return Check("store", "ok", "the current folder is on a local file system")
    return Check(
        "store", "warning", "the current folder may be on a network: answers are stored with a rollback journal"
    )
