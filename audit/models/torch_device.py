"""Devices, number formats and library versions: chosen sensibly, overridable, and part of every fingerprint."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

from audit.core.errors import InputError

DTYPES: Mapping[str, str] = {
    "float32": "float32",
    "fp32": "float32",
    "float16": "float16",
    "fp16": "float16",
    "bfloat16": "bfloat16",
    "bf16": "bfloat16",
}
DEFAULT_DTYPES: Mapping[str, str] = {"cpu": "float32", "cuda": "bfloat16", "mps": "float16"}
DEFAULT_BATCH: Mapping[str, int] = {"cpu": 4, "cuda": 16, "mps": 4}


def installed(package: str) -> str | None:
    """The version of an installed package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def versions(*packages: str) -> dict[str, str | None]:
    """Versions of the libraries that can change an answer."""
    return {package: installed(package) for package in packages}


def require(package: str, extra: str) -> None:
    """Raise `InputError`, naming the extra to install, unless `package` is installed."""
    if installed(package) is None:
        raise InputError(f"This model needs the package {package}", remedy=f"pip install 'medaudit[{extra}]'")


def device_of(setting: str) -> str:
    """The device to use: the setting (cpu, cuda, cuda:N, mps), else the best there is. Raises `InputError`.

    A torch built for the CPU is recognised by its version, without importing it.
    """
    kind, _, number = setting.partition(":")
    if setting and (kind not in DEFAULT_DTYPES or (number and not number.isdecimal())):
        raise InputError(f"Unknown device {setting!r}", remedy="cpu, cuda, cuda:0, cuda:1 ... or mps")
    if (kind or "cpu") == "cpu" and (setting or (sys.platform != "darwin" and "+cpu" in (installed("torch") or ""))):
        return "cpu"
    import torch

    available = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}
    if setting:
        if not available[kind]():
            raise InputError(f"The device {setting!r} is not available here", remedy="leave out the device")
        return setting
    return next((name for name, there in available.items() if there()), "cpu")


def dtype_of(setting: str, device: str) -> str:
    """The number format: the setting, else the usual one of the device. Raises `InputError`."""
    if not setting:
        return DEFAULT_DTYPES[device.partition(":")[0]]
    if setting not in DTYPES:
        raise InputError(f"Unknown dtype {setting!r}", remedy=", ".join(sorted(DTYPES)))
    return DTYPES[setting]


def free_memory() -> None:
    """Give back what is no longer referred to; imports nothing that is not loaded already."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()
