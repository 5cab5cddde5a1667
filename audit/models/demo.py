"""`demo:` specs: the small checkpoints that come with the package, answered by the same code as `hf:` and `clip:`."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audit.core.errors import InputError
from audit.models.spec import Spec

if TYPE_CHECKING:
    from audit.models.clip import ClipModel
    from audit.models.hf import HfModel

FOLDER = Path(__file__).with_name("demo_checkpoints")
TWO_TOWERS = frozenset({"clip", "siglip"})
BATCH = "32"  # so small a model spends its time between the calls, not in them


def demo_names() -> tuple[str, ...]:
    """The demo models that come with this installation."""
    return tuple(sorted(config.parent.name for config in FOLDER.glob("*/config.json")))


def open_demo(spec: Spec) -> HfModel | ClipModel:
    """The model of a `demo:` spec, without loading it. Raises `InputError` for an unknown name or setting.

    Settings are `dtype`, `device`, `batch_size` and `images`, as for `hf:`. The spec's text stays "demo:NAME".
    """
    from audit.models.clip import open_clip
    from audit.models.hf import open_hf

    spec.only("dtype", "device", "batch_size", "images")
    known = demo_names()
    if spec.target not in known:
        raise InputError(f"Unknown demo model {spec.target!r}", remedy=f"known: {', '.join(known) or 'none'}")
    folder = FOLDER / spec.target
    named = replace(spec, target=str(folder), settings={"batch_size": BATCH, **spec.settings})
    if _model_type(folder) in TWO_TOWERS:
        return open_clip(replace(named, kind="clip"))
    return open_hf(replace(named, kind="hf"))


def _model_type(folder: Path) -> str:
    return str(json.loads((folder / "config.json").read_text(encoding="utf-8"))["model_type"])
