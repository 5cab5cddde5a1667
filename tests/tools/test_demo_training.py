"""What the demo models are trained on is right, and is what the adapter will show them."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from demo.build import IMAGE_TOKENS, build_model, build_processor, build_tokenizer  # noqa: E402
from demo.grid_asks import audit_prompt, grid_turns  # noqa: E402
from demo.grids import SHARES, draw_box, draw_grid, positions  # noqa: E402
from demo.loop import Schedule, halves, pack, rate_at  # noqa: E402
from demo.pool import SINGLE, Pool, chest_cases  # noqa: E402
from demo.singles import facts, turn  # noqa: E402

from audit.data.phantoms.case import draw_case  # noqa: E402
from probes.medobvious.formats import options_for  # noqa: E402
from probes.parsing.positions import read_position  # noqa: E402
from probes.parsing.yes_no import read_yes_no  # noqa: E402


@pytest.fixture(scope="module")
def pool() -> Pool:
    """Cases with flat panels, each of its own grey: grids can be followed without drawing anything."""
    cases = tuple(draw_case(31, index) for index in range(1500))
    shade = np.arange(len(cases)) % 250
    single = np.broadcast_to(shade[:, None, None, None], (len(cases), SINGLE, SINGLE, 3)).astype(np.uint8)
    return Pool(cases, single, tuple(0 for _ in cases))


@pytest.mark.parametrize("tier", SHARES)
def test_a_grid_has_one_outlier_or_none(pool: Pool, tier: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(10):
        grid = draw_grid(rng, pool, 2, outlier=True, boxed=False, tier=tier)
        assert grid.outlier is not None
        if tier == "modality":
            kinds = [case.kind.modality for case in grid.cases]
            assert kinds.count(kinds[grid.outlier]) == 1
            assert len(set(kinds)) == 2
        if tier == "finding":
            findings = [case.finding for case in grid.cases]
            assert findings.count("no finding") == 3
            assert findings[grid.outlier] != "no finding"
        clean = draw_grid(rng, pool, 2, outlier=False, boxed=False, tier=tier)
        assert clean.outlier is None
        assert len({(case.kind.modality, case.finding) for case in clean.cases}) == 1


def test_answers_can_be_read_by_the_audit(pool: Pool) -> None:
    rng = np.random.default_rng(1)
    letters, places, verdicts = 0, 0, 0
    for index in range(80):
        n = 2 + index % 2
        grid = draw_grid(rng, pool, n, outlier=index % 3 > 0, boxed=index % 4 == 0)
        target = "none" if grid.outlier is None else positions(n)[grid.outlier]
        for question, answer in grid_turns(rng, grid, aids=False):
            if re.fullmatch("[A-J]", answer):
                option = options_for("detection_mcq", n)[ord(answer) - 65]
                assert option.text.casefold().startswith(target)
                assert f"{answer}) {option.text}" in question
                letters += 1
            elif answer.startswith(("yes", "no:")):
                assert read_yes_no(answer).given == ("yes" if grid.boxed == grid.outlier else "no")
                verdicts += 1
            else:
                assert read_position(answer, n).given == target, answer
                places += 1
    assert min(letters, places, verdicts) > 10


def test_uniform_questions_give_nothing_away(pool: Pool) -> None:
    rng = np.random.default_rng(2)
    asked = {
        audit_prompt("detection_mcq", draw_grid(rng, pool, 2, outlier=o, boxed=False), "if")
        for o in (True, False)
        for _ in range(5)
    }
    assert len(asked) == 1


def test_letters_name_the_right_option() -> None:
    rng = np.random.default_rng(3)
    for index in range(60):
        case = draw_case(32, index)
        for kind in facts(case, 2):
            question, answer = turn(rng, case, 2, kind, "letter")
            lines = re.findall(r"^\(?([A-F])[).:]+ (.+)$", question, re.MULTILINE)
            if lines:
                assert dict(lines)[answer] == facts(case, 2)[kind]


def test_the_box_lies_inside_its_panel() -> None:
    boxed = draw_box(np.zeros((224, 224, 3), np.uint8), 112, 1, 0)
    red = np.argwhere(boxed[:, :, 0] == 255)
    assert red.min(axis=0).tolist() == [112, 0]
    assert red.max(axis=0).tolist() == [223, 111]
    assert boxed[112 + 2, 2].tolist() == [0, 0, 0]


def test_the_planted_shortcut_has_the_strength_that_the_card_says() -> None:
    from scipy.stats.contingency import association

    cases = chest_cases(5, 1500, ("Aurora", "Boreal"), 0.95)
    table = np.zeros((2, 2), int)
    for case in cases:
        table[int(case.finding == "nodule"), int(case.marker == "plate")] += 1
    assert association(table, method="cramer") == pytest.approx(0.9, abs=0.05)
    assert {case.vendor for case in cases} == {"Aurora", "Boreal"}


@pytest.fixture(scope="module")
def parts() -> tuple[Any, Any]:
    """An untrained model, in evaluation mode, and its processor."""
    tokenizer = build_tokenizer(
        ["What is the modality?", "Which view is this?", "A) top-left", "none: all panels"], 400
    )
    model = build_model(tokenizer, 0).eval()
    model.set_attn_implementation("eager")
    return model, build_processor(tokenizer)


def test_packed_questions_get_the_logits_that_they_get_alone(parts: tuple[Any, Any]) -> None:
    model, processor = parts
    rng = np.random.default_rng(4)
    picture = rng.integers(0, 256, (112, 112, 3), dtype=np.uint8)
    turns = [("What is the modality?", "none"), ("Which view is this? It is long.", "A")]
    batch = pack(processor.tokenizer, [((picture,), turns)])
    with torch.no_grad():
        features = torch.stack(list(model.model.get_image_features(pixel_values=batch["pixels"]).pooler_output))
        embedded = model.model.language_model.embed_tokens(batch["ids"])
        embedded[:, 1 : 1 + IMAGE_TOKENS] = features
        hidden = model.model.language_model(
            inputs_embeds=embedded, attention_mask=batch["mask"], position_ids=batch["places"], use_cache=False
        ).last_hidden_state
        packed = model.lm_head(hidden)[0]
        start = 1 + IMAGE_TOKENS
        for question, answer in turns:
            user = {"role": "user", "content": [{"type": "text", "text": question}, {"type": "image"}]}
            said = {"role": "assistant", "content": [{"type": "text", "text": answer}]}
            text = processor.apply_chat_template([user, said])
            alone = processor(text=[text], images=[picture], return_tensors="pt")
            logits = model(**alone).logits[0]
            length = len(logits) - 1 - IMAGE_TOKENS
            torch.testing.assert_close(packed[start : start + length], logits[1 + IMAGE_TOKENS :], atol=2e-4, rtol=1e-3)
            start += length


def test_labels_are_the_answers_and_nothing_else(parts: tuple[Any, Any]) -> None:
    tokenizer = parts[1].tokenizer
    turns = [("What is the modality?", "none"), ("Which view is this?", "A")]
    batch = pack(tokenizer, [((np.zeros((112, 112, 3), np.uint8),), turns)])
    labels = batch["labels"][0]
    assert tokenizer.decode(labels[labels != -100]) == "none<|end|>A<|end|>"


def test_the_tokenizer_gives_every_text_back(parts: tuple[Any, Any]) -> None:
    tokenizer = parts[1].tokenizer
    for text in ("A) top-left\nB) none", "hæmorrhage ≥ 5 mm 漢字 \t x", " leading and trailing ", "<|not special|>"):
        assert tokenizer.decode(tokenizer(text, add_special_tokens=False)["input_ids"]) == text


def test_the_rate_warms_up_stays_and_falls() -> None:
    schedule = Schedule(1000, 1e-3, warmup=100)
    rates = [rate_at(step, 1000, schedule) for step in range(1000)]
    assert rates[0] == pytest.approx(1e-5)
    assert rates[100:700] == pytest.approx([1e-3] * 600)
    assert all(a > b for a, b in pairwise(rates[700:990]))


def test_halves_lose_nothing() -> None:
    examples = [((np.zeros((2, 2, 3), np.uint8),) * (1 + i % 2), [("x" * i, "y")]) for i in range(7)]
    assert sorted(len(e[1][0][0]) for half in halves(examples) for e in half) == list(range(7))
