"""What a run rests on: versions, settings and hashes, as plain data."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from audit.core.canonical import Json

PACKAGES = ("medaudit", "numpy", "scipy", "pillow", "pydicom", "httpx", "torch", "transformers", "peft", "matplotlib")

WEIGHTS = (".safetensors", ".safetensors.index.json", ".bin", ".bin.index.json", ".pt", ".pth")


def versions() -> dict[str, Json]:
    """Versions of Python and of the packages that can change a result; packages that are not installed are left out."""
    found: dict[str, Json] = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def differences(model: Mapping[str, Json], base: Mapping[str, Json]) -> tuple[str, ...]:
    """What differs between two fingerprints besides the weights, in words; nested keys as a path."""
    one, two = dict(_flat(model)), dict(_flat(base))
    told: list[str] = []
    for key in sorted({*one, *two}):
        if any(part.startswith("weight") for part in key.split(".")) or key in ("spec", "path", "target"):
            continue
        if key.endswith(WEIGHTS):
            continue
        if one.get(key) != two.get(key):
            told.append(f"{key}: {_short(one.get(key))} in the model, {_short(two.get(key))} in the base")
    return tuple(told)


def _flat(data: Json, prefix: str = "") -> list[tuple[str, Json]]:
    if not isinstance(data, Mapping):
        return [(prefix, data)]
    return [pair for key, value in data.items() for pair in _flat(value, f"{prefix}.{key}" if prefix else str(key))]


def _short(value: Json) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:12]}… ({len(text)} characters)"
