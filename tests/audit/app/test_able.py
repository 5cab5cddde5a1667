"""A model is asked only what it declares, layer and fill of hidden tokens included."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from audit.app.able import able
from audit.core.image import Image
from audit.core.query import Intervention, Message, Query, ask

QUERY = Query(ask("Which?"))
HIDDEN = Intervention("projector", ((0, 1, 1, 2, 2),), "zero")


class Plain:
    spec = "plain"
    capabilities = frozenset({"generate"})
    fingerprint: dict[str, str] = {}  # noqa: RUF012

    def answers(self, queries: Any) -> Any: ...

    def close(self) -> None: ...


class Masking(Plain):
    capabilities = frozenset({"generate", "mask_tokens"})
    token_layers = {"projector": ("zero", "mean"), "block:0": ("attention",)}  # noqa: RUF012
    no_masking = ""

    def hidden_tokens(self, query: Query) -> tuple[()]:
        return ()


class Single(Plain):
    most_images = 1


PICTURES = tuple(Image.of(np.full((2, 2), value, np.uint8)) for value in (1, 2))


@pytest.mark.parametrize(
    ("model", "query", "can"),
    [
        (Plain(), Query(ask(*PICTURES, "Which?")), True),
        (Single(), Query(ask(PICTURES[0], "Which?")), True),
        (Single(), Query(ask(*PICTURES, "Which?")), False),
        (Single(), Query((*ask(PICTURES[0], "Which?"), Message("assistant", ("A",)), *ask(PICTURES[1], "?"))), False),
        (Plain(), QUERY, True),
        (Plain(), replace(QUERY, how="choose"), False),
        (Plain(), replace(QUERY, intervention=HIDDEN), False),
        (Masking(), replace(QUERY, intervention=HIDDEN), True),
        (Masking(), replace(QUERY, intervention=replace(HIDDEN, fill="attention")), False),
        (Masking(), replace(QUERY, intervention=replace(HIDDEN, layer="block:0", fill="attention")), True),
        (Masking(), replace(QUERY, intervention=replace(HIDDEN, layer="encoder")), False),
    ],
)
def test_what_a_model_can_be_asked(model: Any, query: Query, can: bool) -> None:
    assert able(model, query) == can
