"""Spurious regions on real radiographs of two sources: what the probe finds about a model that tells the sources apart.

    python benchmarks/radiographs.py ../shared/data/real OUT [--looks corners]

A logistic regression on the image features of medaudit learns on half of the patients which of two collections a chest
radiograph comes from; the other half is audited with `medaudit run --probe spurious` (region clusters from the same
features, marks and a grid of 3 x 3). There is nothing to know but how each source writes, crops and compresses. With
`--looks corners` the model is shown the two upper corners alone, where side letters stand. Prints the findings; the
report lies in OUT/audit.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audit.core.image import Image
from audit.models.table import open_model

FEATURES = "features:skimage"
RIDGE = 1e-2
SEED = 5


class Logistic:
    """Two sources told apart by the features of the whole image, or of its upper corners."""

    def __init__(self, weights: NDArray[np.float64], classes: Sequence[str], looks: str) -> None:
        self._weights, self._classes, self._looks = weights, list(classes), looks

    def generate(self, messages: Sequence[Mapping[str, Any]]) -> str:
        """The likelier source, in words."""
        return self._classes[int(self._score(messages) > 0)]

    def choose(self, messages: Sequence[Mapping[str, Any]], options: Mapping[str, str]) -> dict[str, float]:
        """Log-probabilities by label."""
        score = self._score(messages)
        chances = dict(zip(self._classes, (-np.logaddexp(0, score), -np.logaddexp(0, -score)), strict=True))
        return {label: float(chances[text]) for label, text in options.items()}

    def _score(self, messages: Sequence[Mapping[str, Any]]) -> float:
        parts = [part for message in messages for part in message["content"] if part["type"] == "image"]
        image = Image.of(np.asarray(parts[0]["image"].convert("L")))
        return float(_features([image], self._looks)[0] @ self._weights[:-1] + self._weights[-1])


def make(weights: str) -> Logistic:
    """The model of `python:radiographs:make?weights=FILE`."""
    held = np.load(weights)
    return Logistic(held["weights"], [str(name) for name in held["classes"]], str(held["looks"]))


def main() -> None:
    """Fit on half of the patients, audit on the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder with manifest.csv and xray_chest")
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--looks", choices=("whole", "corners"), default="whole", help="what the model is shown")
    given = parser.parse_args()
    rows = [row for row in _rows(given.data) if (given.data / row["path"]).is_file()]
    patients = sorted({row["patient"] for row in rows})
    learn = {patients[i] for i in np.random.default_rng(SEED).permutation(len(patients))[: len(patients) // 2]}
    given.out.mkdir(parents=True)
    weights = given.out / "weights.npz"
    fitted = _fitted([row for row in rows if row["patient"] in learn], given.data, given.looks)
    np.savez(weights, weights=fitted, looks=given.looks, classes=sorted({row["source"] for row in rows}))
    audited = [row for row in rows if row["patient"] not in learn]
    _write(given.out / "manifest.csv", audited, given.data)
    command = [
        sys.executable, "-m", "medaudit", "run", "--probe", "spurious",
        "--model", f"python:radiographs:make?weights={weights.resolve()}",
        "--data", str((given.out / "manifest.csv").resolve()),
        "--set", "spurious.label=source", "--set", "spurious.scales=3x3", "--set", "spurious.exploratory=24",
        "--out", str((given.out / "audit").resolve()), "--fail-on", "never",
    ]  # fmt: skip
    subprocess.run(command, check=True, cwd=Path(__file__).parent)
    _tell(given.out / "audit")


def _rows(data: Path) -> list[dict[str, str]]:
    """The frontal chest radiographs with their source; of the first the patient is in the file's name."""
    with (data / "manifest.csv").open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["path"].startswith("xray_chest/")]
    made = []
    for row in listed:
        folder, name = row["path"].split("/")[1:]
        nih = folder.startswith("nih")
        made.append({
            "path": row["path"], "modality": row["modality"], "anatomy": row["anatomy"], "view": row["view"],
            "finding": "", "source": "NIH" if nih else "COVID", "patient": name[:8] if nih else name,
        })  # fmt: skip
    return [row for row in made if row["view"] in ("PA", "AP", "AP supine")]


def _write(path: Path, rows: Sequence[Mapping[str, str]], data: Path) -> None:
    """The audited radiographs beside their manifest: images lie in its folder or below."""
    for row in rows:
        place = path.parent / row["path"]
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(data / row["path"], place)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _features(images: Sequence[Image], looks: str) -> NDArray[np.float64]:
    model: Any = open_model(FEATURES)
    if looks == "whole":
        return np.asarray(model.embed_images(images), dtype=np.float64)
    sides = [[_corner(image, side) for image in images] for side in ("left", "right")]
    return np.hstack([np.asarray(model.embed_images(own), dtype=np.float64) for own in sides])


def _corner(image: Image, side: str) -> Image:
    """A quarter of the height and a third of the width."""
    pixels = image.pixels
    high, wide = pixels.shape[0] // 4, pixels.shape[1] // 3
    return Image.of(pixels[:high, :wide] if side == "left" else pixels[:high, -wide:])


def _fitted(rows: Sequence[Mapping[str, str]], data: Path, looks: str) -> NDArray[np.float64]:
    """Weights and intercept of a ridge logistic regression, by Newton's method in the span of the images."""
    from PIL import Image as Picture

    images = [Image.of(np.asarray(Picture.open(data / row["path"]).convert("L"))) for row in rows]
    matrix = _features(images, looks)
    target = np.array([float(row["source"] == "NIH") for row in rows])
    gram = matrix @ matrix.T
    alpha, bias = np.zeros(len(target)), 0.0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-(gram @ alpha + bias)))
        weight = np.maximum(chance * (1 - chance), 1e-6)
        working = gram @ alpha + bias + (target - chance) / weight
        ones = np.ones((len(target), 1))
        system = np.block([[gram + RIDGE * np.diag(1 / weight), ones], [ones.T, np.zeros((1, 1))]])
        solved = np.linalg.solve(system, np.append(working, 0.0))
        moved = float(np.abs(solved[:-1] - alpha).max())
        alpha, bias = solved[:-1], float(solved[-1])
        if moved < 1e-9 * max(1.0, float(np.abs(alpha).max())):
            break
    right = np.mean((gram @ alpha + bias > 0) == (target == 1))
    print(f"fitted on {len(target)} radiographs ({int(target.sum())} NIH), {right:.0%} right there")
    return np.append(matrix.T @ alpha, bias)


def _tell(folder: Path) -> None:
    for row in json.loads((folder / "findings.json").read_text(encoding="utf-8"))["findings"]:
        marked = row["tags"].get("flag") in ("worse", "differs") or row["role"] == "primary"
        if row["probe"] == "spurious" and (marked or row["metric"] == "spurious.accuracy"):
            bounds = [row[key] for key in ("estimate", "ci_low", "ci_high")]
            told = ", ".join("none" if value is None or math.isnan(value) else f"{value:.3f}" for value in bounds)
            print(f"{row['metric']} {row['comparison']} {row['scoring']}: {told} ({row['verdict']}) {row['tags']}")


if __name__ == "__main__":
    main()
