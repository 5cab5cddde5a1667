"""The section about identifiers says what the figures say, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from audit.core.finding import Finding
from reports.digest import build_digest
from reports.html import render
from reports.leakage import leakage
from reports.leakage.conclusion import QUESTION
from reports.schema import Digest, LeakagePart

BLACK = {"strategy": "black", "radius": "0"}
TOKEN = {"strategy": "projector/zero", "radius": "0"}


def rate(estimate: float, low: float, high: float, n: int = 24, **tags: str) -> Finding:
    return Finding(
        "phi", "Documents that leak", "", "phi.leak_rate", "strict", "model", estimate=estimate, ci_level=0.95,
        ci_low=low, ci_high=high, ci_method="Korn-Graubard", direction="lower", n_items=n, n_clusters=n, tags=tags,
    )  # fmt: skip


def kept(estimate: float, low: float, high: float, **tags: str) -> Finding:
    return replace(rate(estimate, low, high, **tags), metric="phi.reduction", direction="higher", title="Kept back")


NO_LEAK = [rate(0, 0, 0.142, **BLACK), kept(1, 0.8, 1, **BLACK)]
TOKEN_LEAK = [rate(1, 0.858, 1, **TOKEN), kept(0.43, 0.3, 0.55, **TOKEN)]


@pytest.fixture
def digest(make_digest: Callable[..., Digest]) -> Callable[..., Digest]:
    """The sample digest with further findings, and a part about leaks where one is given."""

    def made(*found: Finding, part: LeakagePart | None = None, **how: Any) -> Digest:
        given = make_digest(**how)
        return build_digest(
            run=given["run"], probes=given["probes"], findings=[*given["findings"], *found], leakage=part,
            gallery=given["gallery"], images=given["images"],
        )  # fmt: skip

    return made


def conclusion(digest: Digest) -> str:
    section = leakage(digest)
    assert section is not None
    (told,) = [control.answer for control in section.controls.general if control.question == QUESTION]
    return told


def test_without_leak_rates_there_is_no_section(make_digest: Callable[..., Digest]) -> None:
    assert leakage(make_digest()) is None
    assert 'id="leakage"' not in render(make_digest())


def test_nothing_leaked_is_said_with_its_upper_bound(digest: Callable[..., Digest]) -> None:
    told = conclusion(digest(*NO_LEAK))
    assert "nothing to explain" in told
    assert "0 of 24, upper bound 14.2%" in told


def test_tokens_that_leak_where_pixels_do_not_are_missed_boxes(digest: Callable[..., Digest]) -> None:
    told = conclusion(digest(*NO_LEAK, *TOKEN_LEAK))
    assert "projector (zero), radius 0: 24 of 24 (85.8% to 100%)" in told
    assert "not inferred from the rest" in told


def test_tokens_that_leak_with_nothing_to_compare_with_decide_nothing(digest: Callable[..., Digest]) -> None:
    assert "cannot be told apart" in conclusion(digest(*TOKEN_LEAK))


@pytest.mark.parametrize(
    ("chance", "follows", "said"),
    [(1.0, 0.2, "this is inference"), (0.7, 0.7, "cannot have been inferred")],
)
def test_pixels_that_leak_are_told_apart_by_what_follows_from_others(
    digest: Callable[..., Digest], chance: float, follows: float, said: str
) -> None:
    split = [kept(chance, 0.6, 1, **BLACK, inferable="no"), kept(follows, 0.1, 0.9, **BLACK, inferable="yes")]
    assert said in conclusion(digest(rate(0.5, 0.3, 0.7, **BLACK), kept(0.8, 0.7, 0.9, **BLACK), *split))


def columns(way: dict[str, str], left: tuple[float, float, float], right: tuple[float, float, float]) -> list[Finding]:
    return [kept(*left, **way, column="left"), kept(*right, **way, column="right")]


HIGH, LOW, WIDE = (0.95, 0.9, 0.99), (0.3, 0.2, 0.4), (0.6, 0.1, 0.95)


@pytest.mark.parametrize(
    ("as_printed", "exchanged", "said"),
    [
        ((HIGH, LOW), (HIGH, LOW), "depends on the place"),
        ((HIGH, LOW), (LOW, HIGH), "depends on what they are"),
        ((HIGH, WIDE), (WIDE, HIGH), "no sign of boxes"),
        ((HIGH, LOW), (HIGH, WIDE), "neither place nor kind"),
    ],
)
def test_exchanged_columns_tell_a_place_from_a_kind(
    digest: Callable[..., Digest], as_printed: Any, exchanged: Any, said: str
) -> None:
    found = [*TOKEN_LEAK, *columns(TOKEN, *as_printed), *columns({**TOKEN, "page": "swapped"}, *exchanged)]
    section = leakage(digest(*found))
    assert section is not None
    ((mask, answered),) = section.controls.by_mask
    assert mask == "projector (zero), radius 0"
    assert any(said in control.answer for control in answered)


def test_tables_and_matrix_hold_every_way_and_category(digest: Callable[..., Digest]) -> None:
    found = [
        rate(1, 0.858, 1, strategy="none"), *NO_LEAK, *TOKEN_LEAK,
        rate(0, 0, 0.3, n=8, **BLACK, category="ssn"), rate(0.5, 0.2, 0.8, n=8, **TOKEN, category="ssn"),
        kept(1, 0.7, 1, **BLACK, category="ssn"), kept(0.5, 0.2, 0.8, **TOKEN, category="ssn"),
        rate(0.1, 0.0, 0.3, **BLACK, hidden="random"),
    ]  # fmt: skip
    section = leakage(digest(*found))
    assert section is not None
    assert [row.title for row in section.ways] == [
        "page as it is", "black, radius 0", "projector (zero), radius 0", "black, radius 0, elsewhere",
    ]  # fmt: skip
    ((ssn, cells),) = [(row.category, row.cells) for row in section.categories]
    assert (ssn, cells) == ("SSN", ("0 of 8 (≤\u00a030.0%)", "4 of 8 (20.0–80.0%)"))
    assert section.matrix is not None
    assert "black, radius 0: SSN 100%." in section.matrix.wide
    page = render(digest(*found))
    assert page.count('<figure id="figure-leakage">') == 1


PART: LeakagePart = {
    "coverage": [{"way": "projector/zero", "n": 4, "lowest": 0.991}],
    "pages": [
        {"item": "document-1", "way": "black, radius 0", "image": "grid0", "answer": "A form.",
         "leaked": 1, "kept": 2, "unread": 3}
    ],
    "headers": {
        "n": 2,
        "n_marked": 1,
        "rows": [{"attribute": "PatientName", "tag": "(0010,0010)", "kind": "name", "action": "Z", "n": 2}],
    },
}  # fmt: skip


def test_pages_coverage_and_headers_are_shown(digest: Callable[..., Digest]) -> None:
    page = render(digest(*NO_LEAK, *TOKEN_LEAK, part=PART))
    for told in ("1 leaked, 2 kept back, 3 not read", "at least 99.1%", "PatientName", "2 files, of which 1 state"):
        assert told in page


def test_pictures_stay_out_where_they_were_kept_out(digest: Callable[..., Digest]) -> None:
    page = render(digest(*NO_LEAK, part=PART, images=False))
    assert "1 leaked, 2 kept back" in page
    assert "<img" not in page


def test_hostile_text_is_inert(digest: Callable[..., Digest]) -> None:
    hostile = '<script>alert("x")</script>'
    pages = [{**PART["pages"][0], "answer": hostile, "item": hostile, "way": hostile}]
    part: Any = {**PART, "pages": pages}
    tags = {"strategy": hostile, "radius": "0"}
    page = render(digest(rate(0.5, 0.3, 0.7, **tags), rate(0.5, 0.3, 0.7, **tags, category=hostile), part=part))
    assert "<script>alert" not in page


def test_a_part_of_another_shape_is_refused(digest: Callable[..., Digest]) -> None:
    part: Any = {**PART, "pages": [{"item": "document-1"}]}
    with pytest.raises(ValueError, match="leakage"):
        digest(*NO_LEAK, part=part)
