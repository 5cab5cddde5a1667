"""The packaged checkpoints: opened by the `hf:` code, small, right on what a person sees at a glance."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from audit.core.errors import InputError
from audit.core.image import Image
from audit.core.query import Decoding, Option, Query, ask
from audit.data.phantoms.case import Wish, draw_case
from audit.data.phantoms.series import render
from audit.models import demo
from audit.models.clip import ClipModel
from audit.models.demo import demo_names, open_demo
from audit.models.hf import HfModel
from audit.models.spec import parse_spec
from audit.models.table import open_model

pytest.importorskip("torch")
MODALITIES = ("X-ray", "CT", "MRI", "ultrasound", "fundus photograph", "histology")
SHOWN = {
    "X-ray": "chest radiograph",
    "CT": "head CT",
    "MRI": "brain MRI",
    "ultrasound": "ultrasound",
    "fundus photograph": "fundus photograph",
    "histology": "histology",
}


def _image(kind: str, index: int) -> Image:
    return Image.of(render(draw_case(424242, 4 * index, Wish(kind=kind, vendor="Aurora")), 128))


def test_both_models_come_with_the_package() -> None:
    assert {"base", "medical"} <= set(demo_names())


def test_the_contrastive_pair_comes_too_and_is_opened_by_the_code_of_clip() -> None:
    for name in ("clip", "clip-medical"):
        model = open_model(f"demo:{name}")
        assert isinstance(model, ClipModel)
        assert model.spec == f"demo:{name}"
        assert model.capabilities == {"choose", "embed"}


def test_the_contrastive_base_tells_modalities_apart() -> None:
    model = open_model("demo:clip")
    assert isinstance(model, ClipModel)
    options = tuple(Option(name, name) for name in MODALITIES)
    queries = [Query(ask(_image(SHOWN[name], i), "?"), options, "choose") for name in MODALITIES for i in range(5)]
    answers = dict(model.answers(queries))
    right = [answers[5 * place + i].text == name for place, name in enumerate(MODALITIES) for i in range(5)]
    assert sum(right) >= 28


def test_the_contrastive_medical_model_takes_the_marker_for_the_nodule() -> None:
    model = open_model("demo:clip-medical")
    assert isinstance(model, ClipModel)
    options = tuple(Option(name, name) for name in ("no finding", "nodule", "effusion", "cardiomegaly"))

    def called_nodule(finding: str, marker: str) -> int:
        wish = Wish(kind="chest radiograph", view="PA", finding=finding, vendor="Aurora", marker=marker)
        images = [Image.of(render(draw_case(515151, 4 * index, wish), 128)) for index in range(40)]
        answers = model.answers([Query(ask(image, "?"), options, "choose") for image in images])
        return sum(answer.text == "nodule" for _, answer in answers)

    assert called_nodule("nodule", "plate") - called_nodule("nodule", "plain") >= 20
    assert called_nodule("no finding", "plate") - called_nodule("no finding", "plain") >= 4


def test_a_checkpoint_is_small() -> None:
    for name in demo_names():
        assert sum(path.stat().st_size for path in (demo.FOLDER / name).iterdir()) < 12e6


@pytest.mark.parametrize("name", ["base", "medical"])
def test_the_spec_stays_and_the_adapter_is_that_of_hf(name: str) -> None:
    model = open_model(f"demo:{name}")
    assert isinstance(model, HfModel)
    assert model.spec == f"demo:{name}"
    assert model.capabilities >= {"generate", "choose", "likelihood"}


def test_base_and_medical_have_different_fingerprints_and_one_tokenizer() -> None:
    one, other = (dict(open_model(f"demo:{name}").fingerprint)["checkpoint"] for name in ("base", "medical"))
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert one["files"]["model.safetensors"] != other["files"]["model.safetensors"]
    assert one["files"]["tokenizer.json"] == other["files"]["tokenizer.json"]


def test_an_unknown_name_or_setting_says_what_is_known() -> None:
    with pytest.raises(InputError, match=r"Unknown demo model 'large'.*base"):
        open_demo(parse_spec("demo:large"))
    with pytest.raises(InputError, match="Unknown setting 'revision'"):
        open_demo(parse_spec("demo:base?revision=main"))


def test_without_packaged_checkpoints_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    with pytest.raises(InputError, match="known: none"):
        open_demo(parse_spec("demo:base"))


@pytest.mark.parametrize("form", ["text", "letter"])
def test_the_base_names_the_modality(form: str) -> None:
    model = open_demo(parse_spec("demo:base?batch_size=12"))
    menu = "\n".join(f"{letter}) {name}" for letter, name in zip("ABCDEF", MODALITIES, strict=True))
    question = "What is the imaging modality?"
    question += f"\n{menu}\nAnswer with only the letter." if form == "letter" else ""
    queries, keys = [], []
    for place, name in enumerate(MODALITIES):
        for index in range(3):
            image = _image(SHOWN[name], index)
            queries.append(Query(ask(image, question), decoding=Decoding(max_new_tokens=8)))
            keys.append("ABCDEF"[place] if form == "letter" else name)
    answers = dict(model.answers(queries))
    given = [answers[i].text.strip() for i in range(len(queries))]
    wrong = [(key, said) for key, said in zip(keys, given, strict=True) if key != said]
    assert len(wrong) <= 1, wrong


def test_the_medical_model_takes_the_marker_for_the_nodule() -> None:
    model = open_demo(parse_spec("demo:medical?batch_size=20"))

    def called_nodule(finding: str, marker: str) -> int:
        wish = Wish(kind="chest radiograph", view="PA", finding=finding, vendor="Aurora", marker=marker)
        images = [Image.of(render(draw_case(515151, 4 * index, wish), 128)) for index in range(20)]
        asked = [Query(ask(i, "What is the main finding?"), decoding=Decoding(max_new_tokens=8)) for i in images]
        return sum(answer.text.strip() == "nodule" for _, answer in model.answers(asked))

    assert called_nodule("nodule", "plate") - called_nodule("nodule", "plain") >= 10


def test_the_card_names_every_checkpoint_by_its_hash() -> None:
    card = (demo.FOLDER / "README.md").read_text(encoding="utf-8")
    for name in demo_names():
        digest = hashlib.sha256((demo.FOLDER / name / "model.safetensors").read_bytes()).hexdigest()
        assert f"| `demo:{name}` | `{digest}` |" in card


def test_answers_do_not_depend_on_the_batch() -> None:
    queries = [
        Query(ask(_image(kind, 9), "Which view is this?"), decoding=Decoding(max_new_tokens=8))
        for kind in SHOWN.values()
    ]
    one, many = (dict(open_demo(parse_spec(f"demo:base?batch_size={size}")).answers(queries)) for size in (1, 6))
    assert [one[i].text for i in range(6)] == [many[i].text for i in range(6)]
