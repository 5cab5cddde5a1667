"""The registration table of model adapters: one line each, imported when used."""

from __future__ import annotations

from audit.core.model import Lookup, Model
from audit.core.registry import Registry
from audit.models.spec import parse_spec

MODELS = Registry(
    noun="model adapter",
    group="medaudit.models",
    builtin={
        "demo": "audit.models.demo:open_demo",
        "hf": "audit.models.hf:open_hf",
        "clip": "audit.models.clip:open_clip",
        "features": "audit.models.features:open_features",
        "openai": "audit.models.openai:open_openai",
        "python": "audit.models.python:open_python",
        "ocr": "audit.models.rapidocr:open_ocr",
        "replay": "audit.models.replay:open_replay",
        "control": "audit.models.control:open_control",
    },
)


def open_model(text: str) -> Model | Lookup:
    """The model that `text` names; cheap (weights load with the first answer). Raises `InputError`."""
    spec = parse_spec(text)
    model: Model | Lookup = MODELS.load(spec.kind)(spec)
    return model
