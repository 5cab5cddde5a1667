"""The command line as a user has it, and small data to run it on."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

POSITIONS = {"A": "top-left", "B": "top-right", "C": "bottom-left", "D": "bottom-right"}
OPTIONS = {**POSITIONS, "E": "None - all images are the same"}
KINDS = {
    "det_mcq": ("detection_mcq", "grid"),
    "det_open": ("detection_open", "grid"),
    "ref_mcq": ("referring_mcq", "grid"),
    "ref_open": ("referring_open", "grid"),
    "vis_pos": ("visual_referring", "vis_pos"),
    "det_mcq_neg": ("detection_mcq", "neg_grid"),
    "det_open_neg": ("detection_open", "neg_grid"),
    "vis_neg": ("visual_referring", "vis_neg"),
}


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str


@pytest.fixture
def medaudit(tmp_path: Path) -> Callable[..., Done]:
    """medaudit("run", ...): the command, run in an empty folder, as a process of its own."""

    def call(*arguments: str | Path, env: dict[str, str] | None = None, timeout: float = 240) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "medaudit", *map(str, arguments)],
            cwd=tmp_path,
            env={**os.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def findings(tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """findings("run", metric=..., scoring=..., **tags): findings of a run folder that match, tags exactly."""
    annotations = _annotations()

    def select(folder: str, *, tags: dict[str, str] | None = None, **wanted: object) -> list[dict[str, Any]]:
        data = json.loads((tmp_path / folder / "findings.json").read_text())
        found = [f for f in data["findings"] if all(f[key] == value for key, value in wanted.items())]
        if tags is None:
            return found
        return [f for f in found if {k: v for k, v in f["tags"].items() if k not in annotations} == tags]

    return select


def _annotations() -> frozenset[str]:
    from audit.core.finding import ANNOTATIONS

    return frozenset(ANNOTATIONS)


@pytest.fixture
def manifest(tmp_path: Path) -> Callable[[int], Path]:
    """manifest(n): n small images of four modalities, each of a patient of its own, with their CSV."""

    def make(n: int = 48) -> Path:
        folder = tmp_path / "images"
        folder.mkdir(exist_ok=True)
        rows = []
        for i in range(n):
            modality = ("X-ray", "CT", "MRI", "ultrasound")[i % 4]
            rng = np.random.default_rng(i)
            pixels = rng.integers(60 * (i % 4), 60 * (i % 4) + 60, (24, 24), dtype=np.uint8)
            PIL.Image.fromarray(pixels).save(folder / f"{i}.png")
            rows.append([f"images/{i}.png", modality, ("chest", "head")[i // 4 % 2], "", "", f"patient {i}"])
        path = tmp_path / "images.csv"
        with path.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["path", "modality", "anatomy", "view", "finding", "patient"])
            writer.writerows(rows)
        return path

    return make


@pytest.fixture
def official(tmp_path: Path) -> Callable[[int], tuple[Path, list[dict[str, Any]]]]:
    """official(n): a folder of n 2x2 base grids in the official layout, and its rows; no picture is there."""

    def make(n: int = 30) -> tuple[Path, list[dict[str, Any]]]:
        rows = [row for base in range(n) for row in official_rows(base)]
        folder = tmp_path / "official"
        folder.mkdir()
        (folder / "all_tasks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return folder, rows

    return make


def official_rows(base: int) -> list[dict[str, Any]]:
    """The eight rows of one base grid, its outlier in each position in turn."""
    letter = "ABCD"[base % 4]
    tier = (1, 2, 4, 5)[base % 4]
    return [
        {
            "id": f"v{tier}_mri_in_ct_{base:03d}_{suffix}",
            "image_path": f"/home/author/benchmark_refined/v{tier}/images/v{tier}_mri_in_ct_{base:03d}_{what}.png",
            "task_type": task,
            "question": f"Base grid {base}: one scan differs. Which?",
            "options": OPTIONS if task.endswith("mcq") else {},
            "answer": _answer(task, suffix, letter),
            "answer_position": POSITIONS[letter] if task.endswith("mcq") and not suffix.endswith("neg") else None,
            "answer_keywords": [POSITIONS[letter]],
            "is_negative": suffix.endswith("neg"),
            "explanation": "",
        }
        for suffix, (task, what) in KINDS.items()
    ]


def _answer(task: str, suffix: str, letter: str) -> str:
    negative = suffix.endswith("neg")
    if task == "visual_referring":
        return "no" if negative else "yes"
    if task.endswith("mcq"):
        return "E" if negative else letter
    return "none" if negative else POSITIONS[letter]


@pytest.fixture
def answers(tmp_path: Path) -> Callable[..., Path]:
    """answers(name, rows): a file of answers, medaudit.answers/1."""

    def write(name: str, rows: Sequence[dict[str, Any]]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return write


@pytest.fixture(scope="session")
def fake_server() -> Any:
    """The module tests/fake_server.py."""
    path = Path(__file__).parents[1] / "fake_server.py"
    spec = importlib.util.spec_from_file_location("medaudit_fake_server", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
