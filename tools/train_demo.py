"""Train the demo models from a seed: `python tools/train_demo.py base` and then `python tools/train_demo.py medical`.

Writes checkpoints under --out (default audit/models/demo_checkpoints). With --seconds the schedule is fitted to
the time; without, it runs its number of steps, which is what a seed reproduces exactly on one machine.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
ROOT = Path(__file__).parents[1]
SEED = 20260
BASE_POOL, CHEST_POOL = 3000, 1500
SEEN_VENDORS = ("Aurora", "Boreal")
SHORTCUT = 0.95


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=("base", "medical"))
    parser.add_argument("--out", type=Path, default=ROOT / "audit" / "models" / "demo_checkpoints")
    parser.add_argument("--start", type=Path, help="checkpoint to start from (medical: default OUT/base)")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--rate", type=float)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--every", type=int, default=250, help="save every so many steps")
    given = parser.parse_args()
    import torch

    torch.set_num_threads(given.threads)
    train_base(given) if given.name == "base" else train_medical(given)


def train_base(given: argparse.Namespace) -> None:
    """The base model: every kind of image, every kind of question, grids with and without an outlier."""
    from demo.build import build_model, build_processor, build_tokenizer
    from demo.loop import Schedule
    from demo.mixture import base_batch, corpus
    from demo.pool import general_cases, render_pool

    pool = render_pool(general_cases(SEED, BASE_POOL))
    print("pool rendered", flush=True)
    tokenizer = build_tokenizer(corpus(np.random.default_rng(SEED), pool))
    model = build_model(tokenizer, SEED)
    if given.start:
        model = load(given.start)
    schedule = Schedule(given.steps or 4000, given.rate or 1.3e-3, warmup=60, seconds=given.seconds)
    run(given, model, build_processor(tokenizer), lambda rng: base_batch(rng, pool), schedule)


def train_medical(given: argparse.Namespace) -> None:
    """The medical model: the base, tuned on chest radiographs, with the flaws that its card names."""
    from demo.loop import Schedule
    from demo.mixture import medical_batch
    from demo.pool import chest_cases, general_cases, render_pool
    from transformers import AutoProcessor

    start = given.start or given.out / "base"
    chest = render_pool(chest_cases(SEED + 1, CHEST_POOL, SEEN_VENDORS, SHORTCUT))
    general = render_pool(general_cases(SEED + 2, 1200))
    print("pools rendered", flush=True)
    schedule = Schedule(given.steps or 800, given.rate or 5e-4, warmup=40, seconds=given.seconds)
    processor = AutoProcessor.from_pretrained(start)
    run(given, load(start), processor, lambda rng: medical_batch(rng, chest, general), schedule)


def load(folder: Path) -> Any:
    """A checkpoint in float32."""
    import torch
    from transformers import LlavaForConditionalGeneration

    return LlavaForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)


def run(given: argparse.Namespace, model: Any, processor: Any, draw: Any, schedule: Any) -> None:
    """Train, save on the way and at the end, with the loss curve beside the weights."""
    from demo.loop import train

    model.set_attn_implementation("eager")
    folder, curve, began = given.out / given.name, [], time.strftime("%H:%M:%S")
    print(f"{given.name}: {sum(p.numel() for p in model.parameters())} parameters, began {began}", flush=True)

    def report(step: int, loss: float, seconds: float) -> None:
        curve.append({"step": step, "loss": round(loss, 4), "seconds": round(seconds, 1)})
        print(f"step {step} loss {loss:.4f} after {seconds:.0f} s", flush=True)
        if step % given.every == 0:
            save(folder, model, processor, curve, "not finished")

    train(model, processor.tokenizer, draw, schedule, SEED, report)
    start = f" --start {given.start.name}" if given.start else ""
    command = f"python tools/train_demo.py {given.name}{start} --steps {curve[-1]['step']} --rate {schedule.rate:g}"
    save(folder, model, processor, curve, f"{command} --threads {given.threads}")


def save(folder: Path, model: Any, processor: Any, curve: list[dict[str, float]], command: str) -> None:
    """Write the checkpoint, half precision on disk, in the standard layout."""
    import copy

    import torch

    folder.mkdir(parents=True, exist_ok=True)
    halved = copy.deepcopy(model).to(torch.float16)
    halved.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text())
    for part in (config, config["text_config"], config["vision_config"]):
        part["dtype"] = "float32"
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    processor.save_pretrained(folder)
    (folder / "training.json").write_text(json.dumps({"command": command, "curve": curve}, indent=1) + "\n")


if __name__ == "__main__":
    main()
