"""Names in plain words, from facts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.contingency import association

from probes.spurious.regions.naming import Spot, name_of, nearest_words, place_of, trait_of

SIZE = (90, 90)


def labelled(counts: dict[str, tuple[int, int]]) -> tuple[set[int], list[dict[str, str]]]:
    """Images with and without a region, by the value of their marker."""
    labels, images = [], set()
    for value, (with_region, without) in counts.items():
        for number in range(with_region + without):
            if number < with_region:
                images.add(len(labels))
            labels.append({"marker": value})
    return images, labels


def test_a_whole_name() -> None:
    images, labels = labelled({"plate": (41, 3), "plain": (2, 98), "boxed": (1, 95)})
    spots = [Spot(image, "mark", (3, 4, 18, 19), SIZE) for image in sorted(images)]
    name = name_of(spots, labels)
    assert name.words == (
        "marks in the upper left, about 3% of the image, on 41 of 44 images of marker=plate and 3 of 196 others"
    )
    assert (name.kind, name.place) == ("marks", "upper left")
    assert name.share == pytest.approx(15 * 15 / 8100)


def test_what_differs_between_regions_is_not_named() -> None:
    boxes = [(0, 0, 9, 9), (40, 40, 49, 49), (80, 80, 89, 89)]
    spots = [
        Spot(i, kind, box, SIZE) for i, (kind, box) in enumerate(zip(["mark", "grid", "user"], boxes, strict=True))
    ]
    assert name_of(spots, [{}, {}, {}]).words == "regions in various places, about 1% of the image"
    with pytest.raises(ValueError, match="at least one"):
        name_of([], [])


@given(
    inside=st.tuples(st.integers(0, 30), st.integers(0, 30)), outside=st.tuples(st.integers(0, 30), st.integers(0, 30))
)
def test_the_trait_is_cramers_v_of_the_fourfold_table(inside: tuple[int, int], outside: tuple[int, int]) -> None:
    images, labels = labelled({"a": inside, "b": outside})
    trait = trait_of(images, labels)
    table = np.array([inside, outside])
    more = inside[0] * outside[1] - inside[1] * outside[0]
    named, other = (inside, outside) if more > 0 else (outside, inside)
    if more == 0 or named[0] < 3:
        assert trait is None
        return
    assert trait is not None
    assert trait.cramers_v == pytest.approx(association(table, method="cramer"))
    assert (trait.n_with, trait.n_value) == (named[0], sum(named))
    assert (trait.n_without, trait.n_other) == (other[0], sum(other))
    assert trait.n_with / trait.n_value > trait.n_without / trait.n_other


def test_a_missing_label_counts_on_neither_side_and_the_strongest_column_is_named() -> None:
    labels = [{"site": "east", "sex": "F"}] * 5 + [{"site": "west", "sex": "F"}] * 4 + [{"sex": "M"}] * 7
    trait = trait_of({0, 1, 2, 3, 4}, labels)
    assert trait is not None
    assert (trait.column, trait.value, trait.n_value, trait.n_other) == ("site", "east", 5, 4)
    assert trait.cramers_v == pytest.approx(1)


@pytest.mark.parametrize(
    ("box", "word"),
    [
        ((0, 0, 10, 10), "upper left"),
        ((40, 0, 50, 10), "upper middle"),
        ((80, 0, 90, 10), "upper right"),
        ((0, 40, 10, 50), "left"),
        ((40, 40, 50, 50), "centre"),
        ((0, 0, 90, 90), "centre"),
        ((80, 40, 90, 50), "right"),
        ((0, 80, 10, 90), "lower left"),
        ((40, 80, 50, 90), "lower middle"),
        ((89, 89, 90, 90), "lower right"),
    ],
)
def test_nine_fields(box: tuple[int, int, int, int], word: str) -> None:
    assert place_of(box, SIZE) == word


def test_words_that_fit_every_cluster_name_none() -> None:
    medoids = np.array([[0.8, 0.6, 0.0], [0.8, 0.0, 0.6]], np.float32)
    texts = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], np.float32)
    words = nearest_words(medoids, ["x-ray", "letter", "tube"], texts, 1)
    assert [[word for word, _ in best] for best in words] == [["letter"], ["tube"]]
    assert words[0][0][1] == pytest.approx(0.3)
    alone = nearest_words(medoids[:1], ["x-ray", "letter", "tube"], texts, 2)
    assert [word for word, _ in alone[0]] == ["x-ray", "letter"]
