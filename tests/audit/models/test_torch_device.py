"""Devices and number formats."""

from __future__ import annotations

import pytest

from audit.core.errors import InputError
from audit.models.torch_device import DEFAULT_DTYPES, device_of, dtype_of, require, versions


def test_the_default_is_what_torch_finds() -> None:
    import torch

    expected = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    assert device_of("") == expected
    assert dtype_of("", expected) == DEFAULT_DTYPES[expected]


def test_settings_win() -> None:
    assert device_of("cpu") == "cpu"
    assert dtype_of("bf16", "cpu") == "bfloat16"
    assert dtype_of("", "cuda:1") == "bfloat16"


@pytest.mark.parametrize("device", ["gpu", "cpu:x", "cuda:-1"])
def test_an_unknown_device(device: str) -> None:
    with pytest.raises(InputError, match="device"):
        device_of(device)


def test_a_device_that_is_not_there() -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(InputError, match="not available"):
        device_of("cuda:0")


def test_packages() -> None:
    assert versions("no-such-package-of-ours") == {"no-such-package-of-ours": None}
    with pytest.raises(InputError, match=r"medaudit\[hf\]"):
        require("no-such-package-of-ours", "hf")
