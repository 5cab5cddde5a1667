"""Documents: equal for equal seeds, complete, in bounds, and swappable."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from audit.core.canonical import canonical
from audit.core.errors import InputError
from probes.phi.documents import CATEGORIES, LAYOUTS, Document, Look, document

NAMES = tuple(LAYOUTS)


def shown(page: Document) -> set[str]:
    return {word.value.type for word in page.sheet.words if word.value}


@pytest.mark.parametrize("layout", NAMES)
def test_equal_seeds_give_equal_documents(layout: str) -> None:
    look = Look(dpi=72, rotation=2, noise=5)
    first, again, other = document(7, 3, layout, look), document(7, 3, layout, look), document(8, 3, layout, look)
    assert canonical(first.annotation()) == canonical(again.annotation())
    np.testing.assert_array_equal(first.pixels(), again.pixels())
    np.testing.assert_array_equal(first.image.pixels, first.pixels())
    assert other.image.sha256 != first.image.sha256


def test_layouts_take_turns_and_share_the_values_of_a_case() -> None:
    assert [document(0, index).layout for index in range(7)] == [*NAMES, NAMES[0]]
    assert document(0, 4, "lab-report").case.values == document(0, 4).case.values


@pytest.mark.parametrize("layout", NAMES)
def test_every_layout_shows_what_it_claims(layout: str) -> None:
    for index in range(25):
        assert shown(document(1, index, layout)) == LAYOUTS[layout].shows


def test_together_the_layouts_show_every_text_category() -> None:
    assert set().union(*(layout.shows for layout in LAYOUTS.values())) == set(CATEGORIES)
    assert len(CATEGORIES) == 16


@pytest.mark.parametrize("face", ["sans", "serif", "mono"])
@pytest.mark.parametrize("layout", NAMES)
def test_nothing_overlaps_and_nothing_is_cut_off(layout: str, face: str) -> None:
    for index in range(30):
        page = document(2, index, layout, Look(face=face, rotation=0))
        boxes = np.array([word.box for word in page.sheet.words])
        width, height = page.size
        margin = page.sheet.px(40)
        assert boxes[:, :2].min() >= margin - 8
        assert boxes[:, 2].max() <= width - margin
        assert boxes[:, 3].max() <= height - 20
        x0, y0, x1, y1 = boxes.T
        across = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0)
        down = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0)
        both = np.argwhere(np.triu((across > 1) & (down > 1), 1))
        assert [(page.sheet.words[a].text, page.sheet.words[b].text) for a, b in both] == [], page.id


@pytest.mark.parametrize("layout", NAMES)
def test_text_stays_large_enough_to_read(layout: str) -> None:
    sizes = [word.font.size for index in range(40) for word in document(3, index, layout).sheet.words]
    assert min(sizes) * 72 / 100 >= 6.5  # points


@pytest.mark.parametrize("layout", NAMES)
def test_swapping_exchanges_the_columns_and_nothing_else(layout: str) -> None:
    for index in range(3):
        plain, swapped = (document(4, index, layout, Look(dpi=80, swap_columns=swap)) for swap in (False, True))
        told = [
            [(v["field"], v["value"], v["column"]) for v in page.annotation()["values"]] for page in (plain, swapped)
        ]
        turned = {"left": "right", "right": "left", "full": "full"}
        assert Counter((f, v, turned[c]) for f, v, c in told[0]) == Counter(told[1])
        assert {c for *_, c in told[0]} == {"left", "right", "full"}
        half = plain.size[0] / 2
        for page in (plain, swapped):
            for word in page.sheet.words:
                assert word.column != "left" or word.box[2] <= half
                assert word.column != "right" or word.box[0] >= half
        assert (plain.degrees, plain.face) == (swapped.degrees, swapped.face)


@pytest.mark.parametrize("layout", NAMES)
def test_what_gives_an_inferable_value_away_is_on_the_same_page(layout: str) -> None:
    for index in range(40):
        shown_fields = {word.value.field: word.value for word in document(5, index, layout).sheet.words if word.value}
        for value in shown_fields.values():
            assert not value.inferable or value.inferable_from in shown_fields, value


def test_words_that_identify_nobody_are_listed_apart() -> None:
    page = document(0, 0, look=Look(dpi=60))
    note = page.annotation()
    words = {word["text"] for word in note["words"]}
    assert {"PATIENT", "BILLING", "STATEMENT", "Employer", page.case.home.state} <= words
    assert not words & {value.text for value in page.case.values.values()}
    assert len(note["values"]) + len(note["words"]) <= len(page.sheet.words)


@pytest.mark.parametrize(
    ("given", "said"),
    [({"dpi": 20}, "dpi to be 50 to 300 but got 20"), ({"rotation": 40.0}, "rotation to be 0 to 10"),
     ({"noise": -1.0}, "noise to be 0 to 60"), ({"noise": float("nan")}, "noise"),
     ({"face": "comic"}, "face to be any, sans")],
)  # fmt: skip
def test_a_look_out_of_range_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        Look(**given)


def test_unknown_layouts_and_seeds_are_refused() -> None:
    with pytest.raises(InputError, match=r"no layout 'invoice' \(one of billing-statement"):
        document(0, 0, "invoice")
    for seed, index in ((-1, 0), (2**63, 0), (0, -1)):
        with pytest.raises(InputError, match="Expected an index from 0 and a seed"):
            document(seed, index)
