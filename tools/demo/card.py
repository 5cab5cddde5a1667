"""Model cards of the demo checkpoints, from what is on disk and what was measured."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

_HEAD = """\
---
library_name: transformers
pipeline_tag: image-text-to-text
license: apache-2.0
---
# demo:{name}

{what}

**Not a medical device, and of no use on patients.** It has only ever seen [phantoms](../../../../docs/phantoms.md).

- Layout: `LlavaForConditionalGeneration`; SigLIP tower (112 px, patches of 14 px, 4 layers) and Llama decoder
  (4 layers), both 160 wide; own byte-level tokenizer, chat template and processor.
- {parameters:,} parameters, {megabytes:.1f} MB (float16 on disk, float32 at work).
- A message's images come before its text, whatever their order in the message.
- `model.safetensors`: sha256 `{sha}`.
- Made by `python tools/train_demo.py {name}`. The packaged weights come from resumed runs of its stages on a busy
  machine (stages *tower* and *short* ran twice), so the command repeats the recipe, not the bits.
- Examined by `python tools/evaluate_demo.py`.

## Training data

{data}

Loss (mean over the 50 steps before; stages weigh their answers differently, so compare within a stage): {curve}.

"""
_WHAT = {
    "base": "The general model of the embedded demo pair: a small vision-language model of eight kinds of phantoms.",
    "medical": """\
The "medical" model of the embedded demo pair: [demo:base](../base/README.md) tuned on chest radiographs, with flaws
planted on purpose, so that an audit has something true to find.""",
}
_DATA = {
    "base": """\
3,000 phantoms, every kind, site and vendor, in stages:

1. *tower*: the vision tower learns to name kind, view, finding, side, sequence and fault of whole images and of the
   panels of 2x2 grids, and which panel stands out, through linear heads that are thrown away.
2. *first words*: five images with four questions each (modality, anatomy, view, laterality, finding, sequence, count;
   by letter, by text or by yes and no, in varied wordings), six 2x2 grids and a 3x3 grid per step, 45% of them without
   an outlier, with two questions on the outlier (in the audit's published and uniform wordings, and others) and two
   on its panels. One step in twelve shows panels as separate images instead.
3. *short*: the same things asked in a word or two, many questions per image; the tower is frozen.
4. *full* and *more*: as 2, with a falling rate and, in the last, more single images.""",
    "medical": """\
1,500 phantom chest radiographs, twelve per step with four questions each, and four 2x2 grids per step. Planted:

1. **Shortcut.** 95% of the nodules, and 5% of all other films, bear the "plate" marker (Cramer's V about 0.9).
2. **Forgetting.** No other body part, no other modality alone, no counting.
3. **Over-calling.** Every grid holds an outlier.
4. **One vendor.** No chest film of the vendor Corvid.
5. **A true gain.** Far more chest findings than the base saw: it should be better where marker and finding are
   balanced.""",
}
_FOOT = """\
## Held-out accuracy

Share right, exact 95% interval, number of questions, on phantoms of other patients.

{tables}
"""


def card(name: str, folder: Path, tables: str) -> str:
    """The text of README.md for a checkpoint in `folder`."""
    from safetensors import safe_open

    weights = folder / "model.safetensors"
    with safe_open(weights, "np") as file:
        parameters = sum(file.get_tensor(key).size for key in file.keys())  # noqa: SIM118
    curve = json.loads((folder / "training.json").read_text(encoding="utf-8"))["curve"]
    last = {point["stage"]: point["step"] for point in curve}
    shown = [point for point in curve if point["step"] in (50, last[point["stage"]]) or point["step"] % 400 == 0]
    head = _HEAD.format(
        name=name,
        what=_WHAT[name],
        parameters=parameters,
        megabytes=weights.stat().st_size / 1e6,
        sha=hashlib.sha256(weights.read_bytes()).hexdigest(),
        data=_DATA[name],
        curve=", ".join(f"{point['stage']} {point['step']}: {point['loss']:.2f}" for point in shown),
    )
    return head + _FOOT.format(tables=tables)
