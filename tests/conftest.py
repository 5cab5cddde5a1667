"""Shared fixtures: where the real data is, and a session without hub look-ups."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "2")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real images and answers beside the checkout; tests that need it skip where it is absent."""
    for parent in Path(__file__).resolve().parents:
        candidate = parent / "shared" / "data"
        if candidate.is_dir():
            return candidate
    pytest.skip("the real data (../shared/data) is not on this machine")


@pytest.fixture(scope="session")
def checkpoints() -> ModuleType:
    """The module tests/checkpoints.py: `build(kind, folder, seed=0)`, `BUILDERS`, `VLMS`."""
    path = Path(__file__).with_name("checkpoints.py")
    spec = importlib.util.spec_from_file_location("medaudit_test_checkpoints", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tiny_checkpoint(checkpoints: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function that gives the folder of a tiny random checkpoint of a kind (llava, qwen2_5_vl, gemma3, idefics3,
    smolvlm, clip, siglip), made once a session. Copy the folder before you change it."""
    folder = tmp_path_factory.mktemp("checkpoints")

    def made(kind: str) -> Path:
        return folder / kind if (folder / kind).is_dir() else checkpoints.build(kind, folder / kind)

    return made
