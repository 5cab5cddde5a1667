"""Every registered probe and adapter keeps the contract that plugins are held to, and the contract can fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from audit.app.selftest.cast import HONEST, Stages
from audit.app.selftest.stage import Stage, default_stage, stage_on
from audit.app.table import PROBES
from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.model import HiddenTokens
from audit.core.probe import Flaw
from audit.core.query import Query
from audit.data.phantoms import phantoms
from audit.models.table import MODELS, open_model
from medaudit.testing import check_adapter, check_flaw, check_probe
from probes.medobvious.probe import MedObvious

USER_CODE = """
def factory():
    return lambda text, images: "A"
"""


@pytest.fixture(scope="module")
def images() -> Dataset:
    return phantoms(240, seed=3, size=48)


SMALL = {"phi": {"dpi": "50", "strategies": "black", "radii": "0", "tokens": "projector/zero", "token_radii": "0"}}
"""Options that make a large plan small: its pages are drawn twice."""
CHEST = {"spurious": (300, 3, 64, "chest radiograph")}
"""Probes that need many images of one kind."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", sorted(PROBES.builtin))
def test_every_probe_keeps_the_contract_and_finds_its_planted_flaws(name: str, images: Dataset) -> None:
    check_probe(PROBES.load(name), phantoms(*CHEST[name]) if name in CHEST else images, options=SMALL.get(name))


SPECS: dict[str, Callable[[Any], str]] = {
    "hf": lambda made: f"hf:{made('llava')}",
    "clip": lambda made: f"clip:{made('clip')}",
    "python": lambda made: "python:contract_user_code:factory",
    "control": lambda made: f"control:blind:hf:{made('llava')}",
    "ocr": lambda _: "ocr:rapidocr",
    "features": lambda _: "features:skimage",
}
ELSEWHERE = {"replay": "a lookup", "openai": "tests/e2e/test_models.py", "demo": "tests/audit/models/test_demo.py"}


@pytest.mark.parametrize("kind", SPECS)
def test_adapters_keep_the_contract(
    kind: str, tiny_checkpoint: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contract_user_code.py").write_text(USER_CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for needed, package in (("ocr", "rapidocr"), ("features", "skimage")):
        if kind == needed:
            pytest.importorskip(package)
    model = open_model(SPECS[kind](tiny_checkpoint))
    check_adapter(model)  # type: ignore[arg-type]


def test_no_adapter_is_left_out() -> None:
    assert set(MODELS.builtin) <= {*SPECS, *ELSEWHERE}


class Sloppy:
    """An adapter that breaks promises, one at a time."""

    spec = "sloppy"
    capabilities = frozenset({"generate"})
    fingerprint: ClassVar[dict[str, str]] = {"name": "sloppy"}

    def __init__(self, fault: str) -> None:
        self.fault = fault

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        for index, query in enumerate(queries):
            if self.fault == "skips" and index == 0:
                continue
            label = {"Z": -1.0} if self.fault == "invents options" else {}
            text = f"{index}" if self.fault == "depends on order" else query.text
            yield index, Answer(text, option_logprobs=label)

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize("fault", ["skips", "invents options", "depends on order"])
def test_a_broken_adapter_is_caught(fault: str) -> None:
    with pytest.raises(AssertionError):
        check_adapter(Sloppy(fault))  # type: ignore[arg-type]


def test_a_good_adapter_passes() -> None:
    check_adapter(Sloppy("none"))  # type: ignore[arg-type]


class Masks(Sloppy):
    """An adapter that says it hides tokens, and may only say so."""

    capabilities = frozenset({"generate", "mask_tokens"})
    no_masking = ""

    @property
    def token_layers(self) -> dict[str, tuple[str, ...]]:
        return {} if self.fault == "no layer" else {"projector": ("zero",)}

    def hidden_tokens(self, query: Query) -> tuple[HiddenTokens, ...]:
        hidden = (0,) if self.fault == "hides a part" else (0, 1)
        return (HiddenTokens(0, 2, hidden, ((0.0, 0.0, 32.0, 64.0), (32.0, 0.0, 64.0, 64.0))[: len(hidden)], 1.0),)

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        for index, query in enumerate(queries):
            known = self.fault == "answers bare" or query.intervention is None
            yield index, Answer(query.text) if known else Answer.failed("no such layer")


@pytest.mark.parametrize(
    ("model", "word"),
    [
        (Masks("no layer"), "Name layers"),
        (Masks("hides a part"), "every token"),
        (Masks("answers bare"), "an error"),
    ],
)
def test_an_adapter_that_only_says_that_it_masks_is_caught(model: Masks, word: str) -> None:
    with pytest.raises(AssertionError, match=word):
        check_adapter(model)  # type: ignore[arg-type]


def test_an_adapter_that_masks_passes() -> None:
    check_adapter(Masks("none"))  # type: ignore[arg-type]


class Impure(MedObvious):
    """A probe whose plan depends on how often it was called."""

    calls = 0

    def plan(self, dataset: Dataset, options: Any, rng: Any) -> Any:
        self.calls += 1
        made = super().plan(dataset, options, rng)
        return replace(made, requests=made.requests[self.calls :])


class Lenient(MedObvious):
    """A probe without controls."""

    controls = ()


@pytest.mark.parametrize(("probe", "told"), [(Impure(), "equal requests"), (Lenient(), "control")])
def test_a_broken_probe_is_caught(probe: MedObvious, told: str, images: Dataset) -> None:
    with pytest.raises(AssertionError, match=told):
        check_probe(probe, images)


class Embeds(MedObvious):
    """A probe that embeds images when it plans, and needs no more of its plan here than that it could."""

    rows: Any = None
    lent: Any = None

    def with_encoder(self, open_encoder: Any) -> Embeds:
        self.lent = open_encoder
        return self

    def plan(self, dataset: Dataset, options: Any, rng: Any) -> Any:
        encoder = self.lent("")
        self.rows = encoder.embed_images([record.image for record in dataset.records[:3]])
        raise RuntimeError(encoder.spec)


def test_a_probe_that_embeds_is_lent_image_features(images: Dataset) -> None:
    probe = Embeds()
    with pytest.raises(RuntimeError, match="features:skimage"):
        check_probe(probe, images)
    assert probe.rows.shape[0] == 3


@pytest.fixture(scope="module")
def stage(images: Dataset) -> Stage:
    return stage_on(MedObvious(), images, {"n_grids": "30", "variants": "grid"}).resampled(500)


def test_a_flaw_that_is_none_is_not_found(stage: Stage) -> None:
    healthy = Flaw("healthy", lambda request: request.item.target, ("medobvious.sensitivity",))
    with pytest.raises(AssertionError, match="is not found"):
        check_flaw(stage, healthy, ())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"finds": ("medobvious.sensitivty",)}, "what no finding is called"),
        ({"finds": ()}, "Name the metrics"),
        ({"effect": 0.0}, "a share above 0"),
        ({"spares": ("medobvious.youden_j",)}, "does not spare"),
    ],
)
def test_a_flaw_that_promises_what_it_does_not_keep_is_caught(stage: Stage, change: Any, told: str) -> None:
    honest = stage.audit(HONEST, HONEST, 0).findings
    flaw = next(flaw for flaw in MedObvious.flaws if flaw.name == "always_none")
    check_flaw(stage, flaw, honest)
    with pytest.raises(AssertionError, match=told):
        check_flaw(stage, replace(flaw, **change), honest)


def test_no_probe_lands_without_a_planted_flaw(images: Dataset) -> None:
    class Flawless(MedObvious):
        flaws = ()

    with pytest.raises(AssertionError, match="planted flaw"):
        check_probe(Flawless(), images)
    planted = {part.stage for part in Stages(default_stage(tuple(sorted(PROBES.builtin)))).parts()}
    assert planted >= set(PROBES.builtin)
