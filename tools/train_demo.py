"""Train the demo models from a seed: `python tools/train_demo.py base`, then `medical`, `clip` and `clip-medical`.

Each goes through stages; after each the weights are rounded to half precision and saved, and `--stage NAME` starts
there again from what OUT/base holds. `--seconds` ends each stage early. The packaged checkpoints come from resumed runs
of these stages, so this repeats their recipe, not their bits.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from demo.loop import Schedule

ROOT = Path(__file__).parents[1]
SEED = 20260
BASE_POOL, CHEST_POOL, GRID_POOL = 3000, 3000, 1200
SEEN_VENDORS = ("Aurora", "Boreal")
SHORTCUT = 0.95
STAGES = {
    "tower": Schedule(2500, 8e-4, warmup=40),
    "first words": Schedule(500, 1e-3, warmup=60, tower=0.3, fall=0.0),
    "short": Schedule(1400, 1e-3, warmup=60, tower=0.2, fall=0.0),
    "full": Schedule(700, 1e-3, warmup=40, tower=0.3, fall=0.6),
    "letters": Schedule(1400, 1e-3, warmup=40, tower=0.3, fall=0.0),
    "more": Schedule(1348, 1e-3, warmup=40, tower=0.4, fall=0.5),
    "grids": Schedule(854, 1e-3, warmup=40, tower=0.5, fall=0.5),
    "medical": Schedule(770, 8e-4, warmup=40, tower=1.0, fall=0.4),
    "clip": Schedule(290, 6e-4, warmup=60, fall=0.5),
    "clip-medical": Schedule(240, 5e-4, warmup=20, fall=0.5),
}


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=tuple(TRAIN))
    parser.add_argument("--out", type=Path, default=ROOT / "audit" / "models" / "demo_checkpoints")
    parser.add_argument("--stage", choices=tuple(STAGES), default="tower", help="base: the stage to start at")
    parser.add_argument("--until", choices=tuple(STAGES), default="grids", help="base: the last stage")
    parser.add_argument("--again", action="store_true", help="tower: go on from OUT/base instead of random weights")
    parser.add_argument("--seconds", type=float, help="for each language stage")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    import torch

    torch.set_num_threads(given.threads)
    TRAIN[given.name](given)


def train_base(given: argparse.Namespace) -> None:
    """The base model: every kind of image, every kind of question, grids with and without an outlier."""
    from demo.build import build_model, build_processor, build_tokenizer
    from demo.mixture import base_batch, corpus, grids_batch, letters_batch, wide_batch
    from demo.pool import general_cases, render_pool
    from demo.short import short_batch
    from demo.tower import train_tower
    from transformers import AutoProcessor

    pool = render_pool(general_cases(SEED, BASE_POOL))
    print("pool rendered", flush=True)
    folder = given.out / "base"
    if given.stage == "tower":
        tokenizer = build_tokenizer(corpus(np.random.default_rng(SEED), pool))
        model, processor, curve = build_model(tokenizer, SEED), build_processor(tokenizer), []
        if (folder / "config.json").is_file() and given.again:
            model, processor = load(folder), AutoProcessor.from_pretrained(folder)
        train_tower(model, pool, replace(STAGES["tower"], seconds=given.seconds), SEED, show("tower", curve))
        save(folder, model, processor, curve)
    draws = {
        "first words": base_batch,
        "short": short_batch,
        "full": base_batch,
        "letters": letters_batch,
        "more": wide_batch,
        "grids": grids_batch,
    }
    names = list(draws)
    for name in names[max(names.index(given.stage) if given.stage in names else 0, 0) : names.index(given.until) + 1]:
        stage(given, folder, folder, name, lambda rng, draw=draws[name]: draw(rng, pool))


def train_medical(given: argparse.Namespace) -> None:
    """The medical model: the base, tuned on chest radiographs, with the flaws that its card names."""
    from demo.mixture import medical_batch
    from demo.pool import chest_cases, general_cases, render_pool

    chest = render_pool(chest_cases(SEED + 1, CHEST_POOL, SEEN_VENDORS, SHORTCUT))
    general = render_pool(general_cases(SEED + 2, GRID_POOL))
    print("pools rendered", flush=True)
    stage(given, given.out / "base", given.out / "medical", "medical", lambda rng: medical_batch(rng, chest, general))


def train_clip(given: argparse.Namespace) -> None:
    """The contrastive base: statements about every kind of image, its image tower that of `base`."""
    from demo.pool import general_cases, render_pool
    from demo.two_tower import build_two_tower, captions_for_tokenizer, train_two_tower

    pool = render_pool(general_cases(SEED, BASE_POOL))
    texts = captions_for_tokenizer(np.random.default_rng(SEED), pool.cases)
    model, processor = build_two_tower(texts, given.out / "base", SEED)
    curve: list[dict[str, Any]] = []
    schedule = replace(STAGES["clip"], seconds=given.seconds)
    train_two_tower(model, processor, pool, schedule, [SEED, 20], show("clip", curve))
    save(given.out / "clip", model, processor, curve)


def train_clip_medical(given: argparse.Namespace) -> None:
    """The contrastive medical model: `clip`, tuned on findings of chest radiographs with the planted shortcut."""
    from demo.pool import chest_cases, render_pool
    from demo.two_tower import train_two_tower
    from transformers import AutoImageProcessor, AutoTokenizer, SiglipModel, SiglipProcessor

    pool = render_pool(chest_cases(SEED + 1, CHEST_POOL, SEEN_VENDORS, SHORTCUT))
    start = given.out / "clip"
    model = SiglipModel.from_pretrained(start, dtype="float32")
    processor = SiglipProcessor(
        AutoImageProcessor.from_pretrained(start, backend="pil"), AutoTokenizer.from_pretrained(start)
    )
    curve: list[dict[str, Any]] = []
    schedule = replace(STAGES["clip-medical"], seconds=given.seconds)
    train_two_tower(model, processor, pool, schedule, [SEED, 21], show("clip-medical", curve), ("finding", "view"))
    save(given.out / "clip-medical", model, processor, curve)


TRAIN = {"base": train_base, "medical": train_medical, "clip": train_clip, "clip-medical": train_clip_medical}


def stage(given: argparse.Namespace, start: Path, folder: Path, name: str, draw: Callable[[Any], Any]) -> None:
    """One stage of language training, from the checkpoint in `start` to the one in `folder`."""
    from demo.loop import train
    from transformers import AutoProcessor

    model, processor = load(start), AutoProcessor.from_pretrained(start)
    curve = json.loads((start / "training.json").read_text(encoding="utf-8"))["curve"] if start == folder else []
    told = show(name, curve)

    def report(step: int, loss: float, seconds: float) -> None:
        told(step, loss, seconds)
        if step % 250 == 0:
            save(folder, model, processor, curve)

    schedule = replace(STAGES[name], seconds=given.seconds)
    before = sum(row["stage"] == name for row in curve)
    train(model, processor.tokenizer, draw, schedule, [SEED, list(STAGES).index(name), before], report)
    save(folder, model, processor, curve)


def show(name: str, curve: list[dict[str, Any]]) -> Callable[[int, float, float], None]:
    """Print progress and keep it."""

    def report(step: int, loss: float, seconds: float) -> None:
        curve.append({"stage": name, "step": step, "loss": round(loss, 4), "seconds": round(seconds)})
        print(f"{name}: step {step} loss {loss:.4f} after {seconds:.0f} s", flush=True)

    return report


def load(folder: Path) -> Any:
    """A language checkpoint in float32, with the attention that trains fastest here."""
    import torch
    from transformers import LlavaForConditionalGeneration

    model = LlavaForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
    model.set_attn_implementation("eager")
    return model


def save(folder: Path, model: Any, processor: Any, curve: list[dict[str, Any]]) -> None:
    """Write the checkpoint, half precision on disk, in the standard layout."""
    import copy

    import torch

    folder.mkdir(parents=True, exist_ok=True)
    copy.deepcopy(model).to(torch.float16).save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for part in (config, config["text_config"], config["vision_config"]):
        part["dtype"] = "float32"
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    processor.save_pretrained(folder)
    (folder / "training.json").write_text(json.dumps({"curve": curve}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
