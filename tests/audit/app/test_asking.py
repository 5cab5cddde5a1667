"""A probe whose clean answers can tell nothing is not asked further."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from audit.app.asking import ask_all
from audit.app.planning import Planned
from audit.core.answer import Answer
from audit.core.dataset import Dataset
from audit.core.item import CLEAN
from audit.core.query import Query
from audit.store.asker import Asker
from audit.store.store import Store
from probes.phi.page import PageItem
from probes.phi.probe import PROBE

OPTIONS = {
    "documents": 2,
    "dpi": 50,
    "layouts": "prescription-label",
    "strategies": "black",
    "radii": "0",
    "tokens": "projector/zero",
}


class Reads:
    """Tells the text of the pages by their pixels, or nothing."""

    spec = "reads"
    capabilities = frozenset({"generate"})
    fingerprint: ClassVar[dict[str, str]] = {"name": "reads"}

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts, self.asked = texts, 0

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[int, Answer]]:
        for index, query in enumerate(queries):
            self.asked += 1
            yield index, Answer(self.texts.get(query.images[0].sha256, "nothing"))

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def planned() -> Planned:
    plan = PROBE.plan(Dataset("none", "images", ()), PROBE.options(OPTIONS), np.random.default_rng(0))
    return Planned("phi", PROBE.title, "planned", probe=PROBE, plan=plan, requests=plan.requests)


def test_a_model_that_reads_nothing_is_asked_the_clean_pages_only(planned: Planned, tmp_path: Path) -> None:
    model = Reads({})
    with Store(tmp_path / "answers.sqlite") as store:
        (replies,) = ask_all(Asker(store), {"model": model}, [planned])
    assert {request.condition for request in replies.requests} == {CLEAN}
    assert model.asked == replies.n_calls == 2
    assert {"pixel:black:0", "ask:unrelated", "token:projector:zero:0"} <= set(replies.lacking)


def test_a_model_that_reads_is_asked_everything_it_can_be_asked_once(planned: Planned, tmp_path: Path) -> None:
    items = [item for item in planned.plan.items if isinstance(item, PageItem)] if planned.plan else []
    model = Reads({item.query.images[0].sha256: item.page.told() for item in items})
    with Store(tmp_path / "answers.sqlite") as store:
        (replies,) = ask_all(Asker(store), {"model": model}, [planned])
        (again,) = ask_all(Asker(store), {"model": model}, [planned])
    assert all(answer is not None for answer in replies.answers)
    assert "pixel:black:0" in {request.condition for request in replies.requests}
    assert set(replies.lacking) == {name for name in replies.lacking if "token:" in name} != set()
    assert replies.n_calls == model.asked == len({request.query.digest for request in replies.requests})
    assert (replies.n_stored, again.n_calls) == (0, 0)
