"""What the contrastive demo pair is trained on: captions that are true, and no pair called a mismatch that is none."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from demo.loop import Schedule
from demo.pool import Pool
from demo.singles import facts
from demo.two_tower import BATCH, LENGTH, build_two_tower, caption, train_two_tower, truths

from audit.data.phantoms.case import draw_case
from audit.data.phantoms.kinds import KINDS
from audit.models.demo import FOLDER


def test_a_caption_says_what_it_states_and_it_is_true() -> None:
    rng = np.random.default_rng(0)
    for index in range(100):
        known = facts(draw_case(41, index), 0)
        text, stated = caption(rng, known)
        assert stated
        assert all(known[name] == value and value in text for name, value in stated.items())
    text, stated = caption(rng, known, ("finding",))
    assert stated == {"finding": known["finding"]}


def test_a_caption_is_true_of_every_image_that_has_its_facts() -> None:
    known = [{"modality": "CT", "finding": "mass"}, {"modality": "CT", "finding": "lesion"}, {"modality": "MRI"}]
    stated = [{"modality": "CT"}, {"modality": "CT", "finding": "mass"}, {"finding": "nodule"}]
    assert truths(known, stated).tolist() == [[1, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_a_few_steps_lower_the_loss_and_the_image_tower_starts_from_the_base() -> None:
    from safetensors.numpy import load_file

    cases = tuple(draw_case(42, index) for index in range(BATCH))
    shades = np.array([30 * KINDS.index(case.kind) for case in cases], np.uint8)
    single = np.broadcast_to(shades[:, None, None, None], (len(cases), 112, 112, 3)).copy()
    pool = Pool(cases, single, tuple(0 for _ in cases))
    texts = [caption(np.random.default_rng(1), facts(case, 0))[0] for case in cases]
    model, processor = build_two_tower(texts, FOLDER / "base", 0)
    stored = load_file(FOLDER / "base" / "model.safetensors")
    name = next(key for key in stored if key.endswith("vision_tower.post_layernorm.weight"))
    np.testing.assert_array_equal(model.vision_model.post_layernorm.weight.detach().numpy(), stored[name])
    assert processor.tokenizer(["x " * 99], truncation=True, max_length=LENGTH)["input_ids"][0][:1]
    told: list[float] = []
    schedule = Schedule(100, 1e-3, warmup=5)
    train_two_tower(model, processor, pool, schedule, [7, 1], lambda step, loss, seconds: told.append(loss))
    assert told[-1] < told[0]
