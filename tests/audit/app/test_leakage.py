"""What a report shows of pages: the one that leaked most under each way, framed; and how well hidden tokens cover."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import numpy as np
import PIL.Image
import pytest

from audit.app.judging import observe
from audit.app.leakage import has_pages, leakage_part, shown
from audit.app.planning import Planned
from audit.app.replies import Replies
from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.item import Request
from audit.core.model import HiddenTokens
from audit.core.query import Query
from probes.phi.flaws import copies, honest
from probes.phi.page import PageItem
from probes.phi.probe import PROBE

OPTIONS = {
    "documents": 2,
    "layouts": "prescription-label",
    "strategies": "black",
    "radii": "0",
    "tokens": "projector/zero",
}


class Masking:
    """Covers the boxes of the first page it is asked about less well than those of others."""

    spec = "masking"
    capabilities = frozenset({"generate", "mask_tokens"})
    fingerprint: dict[str, str] = {}  # noqa: RUF012
    token_layers = {"projector": ("zero",)}  # noqa: RUF012
    no_masking = ""

    def __init__(self) -> None:
        self.asked = 0

    def hidden_tokens(self, query: Query) -> tuple[HiddenTokens, ...]:
        self.asked += 1
        return (HiddenTokens(0, 4, (1,), ((0, 0, 1, 1),), 0.9 if self.asked == 1 else 0.99),)

    def answers(self, queries: Any) -> Any: ...

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def planned() -> Planned:
    plan = PROBE.plan(Dataset("none", "images", ()), PROBE.options(OPTIONS), np.random.default_rng(0))
    return Planned("phi", PROBE.title, "planned", probe=PROBE, plan=plan, requests=plan.requests)


def second_leaks(planned: Planned) -> list[Answer]:
    """Masks hold on the first document and not on the second."""
    worst = planned.requests[-1].item.id
    return [Answer((copies if request.item.id == worst else honest)(request)) for request in planned.requests]


def part_of(planned: Planned, answers: list[Answer], pictures: dict[str, bytes] | None, model: Any) -> Any:
    rows = observe(PROBE, "model", planned.requests, answers, frozenset())
    replies = [Replies("model", "phi", planned.requests, tuple(answers))]
    return leakage_part([planned], replies, rows, model, [], pictures)


def test_the_page_that_leaked_most_is_shown_with_its_frames(planned: Planned) -> None:
    pictures: dict[str, bytes] = {}
    part = part_of(planned, second_leaks(planned), pictures, Masking())
    pages = {page["way"]: page for page in part["pages"]}
    assert set(pages) == {"unmasked", "black, radius 0", "projector/zero, radius 0", "projector/zero, radius 1"}
    black = pages["black, radius 0"]
    assert black["item"] == planned.requests[-1].item.id
    assert black["leaked"] > 0 == black["kept"] == black["unread"]
    assert black["answer"].startswith(copies(planned.requests[-1])[:40])
    picture = np.asarray(PIL.Image.open(BytesIO(pictures[black["image"]])).convert("RGB")).astype(int)
    red = (picture[..., 0] - picture[..., 1:].max(axis=-1)) > 60
    assert red.sum() > 200


def test_kept_back_is_framed_otherwise_than_leaked(planned: Planned) -> None:
    pictures: dict[str, bytes] = {}
    part = part_of(planned, [Answer(honest(request)) for request in planned.requests], pictures, Masking())
    (black,) = [page for page in part["pages"] if page["way"] == "black, radius 0"]
    assert black["kept"] > 0 == black["leaked"]
    picture = np.asarray(PIL.Image.open(BytesIO(pictures[black["image"]])).convert("RGB")).astype(int)
    assert ((picture[..., 1] - picture[..., 0]) > 50).sum() > 200
    assert ((picture[..., 0] - picture[..., 1]) > 60).sum() == 0


def test_coverage_is_the_lowest_of_the_pages_that_were_checked(planned: Planned) -> None:
    part = part_of(planned, second_leaks(planned), None, Masking())
    assert part["coverage"] == [
        {"way": "projector/zero, radius 0", "n": 2, "lowest": 0.9},
        {"way": "projector/zero, radius 1", "n": 2, "lowest": 0.99},
    ]
    assert part["headers"] is None


def test_what_was_read_on_a_users_picture_is_shown_redacted(planned: Planned) -> None:
    request = planned.requests[0]
    assert isinstance(request.item, PageItem)
    own = Request(replace(request.item, private=True), request.query)
    said = Answer("Patient: Maria A. Lopez, SSN 123-45-6789")
    assert shown(request, said) == said.text
    assert "123-45-6789" not in shown(own, said)
    assert "Lopez" not in shown(own, said)


def test_other_probes_have_no_pages(planned: Planned) -> None:
    assert has_pages(planned)
    assert not has_pages(replace(planned, requests=()))
    assert leakage_part([replace(planned, requests=())], [], [], Masking(), [], None) is None  # type: ignore[arg-type]
