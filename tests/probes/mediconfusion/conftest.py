"""The official pairs where they are, and the helpers of these tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from audit.core.item import Request
from audit.data.load import LoadOptions, load
from probes.mediconfusion.probe import PROBE


@pytest.fixture(scope="session")
def kit() -> ModuleType:
    """The module kit.py beside this file."""
    spec = importlib.util.spec_from_file_location("mediconfusion_kit", Path(__file__).with_name("kit.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def official(shared_data: Path) -> tuple[Request, ...]:
    """All requests about the official pairs, without their images."""
    data = load(shared_data / "benchmarks" / "mediconfusion_dataset.json", LoadOptions(need_images=False))
    return PROBE.plan(data, PROBE.options({}), np.random.default_rng(0)).requests
