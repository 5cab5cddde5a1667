"""Models of every declared architecture, loaded as a user loads them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from audit.models.hf import HfModel
from audit.models.table import open_model


@pytest.fixture(scope="session")
def kit() -> ModuleType:
    """The module kit.py beside this file."""
    spec = importlib.util.spec_from_file_location("masking_kit", Path(__file__).with_name("kit.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _opened(folder: Path) -> HfModel:
    model = open_model(f"hf:{folder}?batch_size=4")
    assert isinstance(model, HfModel)
    return model


@pytest.fixture(scope="session")
def model(tiny_checkpoint: Callable[[str], Path]) -> Callable[[str], HfModel]:
    """A function that gives the model of a kind, one for the session."""
    return cache(lambda kind: _opened(tiny_checkpoint(kind)))


@pytest.fixture(scope="session")
def separated(tiny_checkpoint: Callable[[str], Path], kit: ModuleType) -> Callable[[str], HfModel]:
    """The same with the attention of the tower put out."""

    def made(kind: str) -> HfModel:
        found = kit.separate(_opened(tiny_checkpoint(kind)))
        assert isinstance(found, HfModel)
        return found

    return cache(made)
