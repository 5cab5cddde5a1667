"""The public face: quick to import, every name there, nothing heavy behind the help."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

import medaudit

HEAVY = (
    "torch",
    "transformers",
    "numpy",
    "scipy",
    "pandas",
    "PIL",
    "pydicom",
    "matplotlib",
    "pydantic",
    "httpx",
    "yaml",
)
LIMIT = 0.3


@pytest.mark.parametrize("name", medaudit.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(medaudit, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        medaudit.nothing  # noqa: B018


@pytest.mark.parametrize("arguments", [["-c", "import medaudit"], ["-m", "medaudit", "--help"]])
def test_it_starts_in_less_than_three_tenths_of_a_second(arguments: list[str]) -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    assert min(times) < LIMIT, f"fastest of five starts took {min(times):.2f} s"


def test_the_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom audit.app.cli import build_parser\nbuild_parser().format_help()\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
