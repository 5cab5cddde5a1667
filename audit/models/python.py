"""`python:package.module:factory`: a model of the user's own, made by a function of theirs."""

from __future__ import annotations

import hashlib
import importlib
import json
import sys
from collections.abc import Callable
from inspect import getattr_static
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from audit.core.canonical import Json, canonical
from audit.core.errors import InputError
from audit.core.model import Lookup, Model
from audit.core.redact import redact
from audit.models.spec import Spec
from audit.models.wrapped import Wrapped, trouble

VERSION = 1
T = TypeVar("T")
EXAMPLE = "python:my_model:make, where my_model.py stands in the current folder"


def open_python(spec: Spec) -> Model | Lookup:
    """Call the factory with the spec's settings as text, and wrap what it returns.

    A full `Model` or `Lookup` is taken as it is; else see `Wrapped`. The current folder is searched for the module,
    after everything that is installed. Raises `InputError` naming file and line where module or factory fail.
    """
    name, colon, attribute = spec.target.partition(":")
    if not colon or not name or not attribute:
        raise InputError(f"Expected module and factory in {spec.text!r}", remedy=f"for example {EXAMPLE}")
    module = _module(name)
    factory = getattr(module, attribute, None)
    if not callable(factory):
        place = getattr(module, "__file__", None) or name
        raise InputError(f"There is no function {attribute!r}", path=redact(str(place)))
    made = _guarded(f"{spec.target} failed", lambda: factory(**spec.settings))
    if _is_whole(made):
        whole: Model | Lookup = made
        return whole
    if not callable(made) and not callable(getattr(made, "generate", None)):
        raise InputError(
            f"{spec.target} returned {type(made).__name__}, which cannot be asked",
            remedy="return a function of (text, images), or an object with generate(messages)",
        )
    return Wrapped(spec.text, _fingerprint(spec, module, made), made)


def _is_whole(made: Any) -> bool:
    """Whether `made` has all that a model or a lookup has, without reading any of it (a fingerprint may be dear)."""
    asked = ("answers", "close"), ("look_up", "conditions")
    return any(
        all(getattr_static(made, name, None) is not None for name in ("spec", "capabilities", "fingerprint", *names))
        for names in asked
    )


def _module(name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    importlib.invalidate_caches()
    return _guarded(f"The module {name!r} cannot be imported", lambda: importlib.import_module(name))


def _guarded(what: str, call: Callable[[], T]) -> T:
    try:
        return call()
    except Exception as error:
        # the user's code may raise anything; whatever it is, they are told where
        raise InputError(f"{what}: {trouble(error)}", remedy=f"for example {EXAMPLE}") from error


def _fingerprint(spec: Spec, module: ModuleType, made: Any) -> dict[str, Json]:
    """Names, settings, the bytes of the module's file (not of what it imports), and what the object says itself."""
    file = getattr(module, "__file__", None)
    return {
        "adapter": "python",
        "version": VERSION,
        "target": spec.target,
        "settings": sorted(redact(f"{key}={value}") for key, value in spec.settings.items()),
        "module_sha256": hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else None,
        "own": _guarded(f"The fingerprint of {spec.target} is of no use", lambda: _own(made)),
    }


def _own(made: Any) -> Json:
    """What the object says of itself, as plain data. Raises what it raises, `TypeError` for other data."""
    own: Any = getattr(made, "fingerprint", None)
    own = own() if callable(own) else own
    plain: Json = json.loads(canonical(own))
    return plain
