"""medaudit: pre-deployment audits of medical vision-language models.

    import medaudit
    run = medaudit.audit(model="hf:/path/to/model", base="hf:/path/to/base", data=["images.csv"])
    run.findings, run.overall.sentence, run.report

Everything is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from medaudit._shadow import check_shadowing

check_shadowing()


if TYPE_CHECKING:
    from audit.app.config import RunConfig
    from audit.app.face import audit
    from audit.core.answer import Answer
    from audit.core.dataset import Dataset, Record
    from audit.core.errors import InputError, MedauditError
    from audit.core.finding import Finding
    from audit.core.image import Image
    from audit.core.item import Item, Request
    from audit.core.measure import Measure
    from audit.core.observation import Judgement, Observation
    from audit.core.query import Message, Option, Query
    from audit.models.table import open_model

_WHERE = {
    "Answer": "audit.core.answer",
    "Dataset": "audit.core.dataset",
    "Finding": "audit.core.finding",
    "Image": "audit.core.image",
    "InputError": "audit.core.errors",
    "Item": "audit.core.item",
    "Judgement": "audit.core.observation",
    "Measure": "audit.core.measure",
    "MedauditError": "audit.core.errors",
    "Message": "audit.core.query",
    "Observation": "audit.core.observation",
    "Option": "audit.core.query",
    "Query": "audit.core.query",
    "Record": "audit.core.dataset",
    "Request": "audit.core.item",
    "RunConfig": "audit.app.config",
    "audit": "audit.app.face",
    "open_model": "audit.models.table",
}

__version__: str

__all__ = [
    "Answer",
    "Dataset",
    "Finding",
    "Image",
    "InputError",
    "Item",
    "Judgement",
    "Measure",
    "MedauditError",
    "Message",
    "Observation",
    "Option",
    "Query",
    "Record",
    "Request",
    "RunConfig",
    "audit",
    "open_model",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("audit.core.version").VERSION
    if name not in _WHERE:
        raise AttributeError(f"module 'medaudit' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
