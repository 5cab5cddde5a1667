"""The series as a data set: determinism, independence of n, labels, patients."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from audit.core.canonical import canonical
from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.phantoms import phantoms
from audit.data.phantoms.kinds import KINDS, SITES, VENDORS
from audit.data.vocabulary import canonical_label


def test_pixels_are_equal_in_another_process(series: Dataset) -> None:
    chosen = range(0, 40, 3)
    code = (
        "from audit.data.phantoms import phantoms\n"
        f"records = phantoms(40, seed=11, size=64).records\n"
        f"print(*[records[i].image.sha256 for i in {list(chosen)}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == [series.records[i].image.sha256 for i in chosen]


def test_a_record_does_not_depend_on_how_many_follow(series: Dataset) -> None:
    few = phantoms(25, seed=11, size=64)
    for short, long in zip(few.records, series.records, strict=False):
        assert (short.id, short.cluster, short.labels, short.meta) == (long.id, long.cluster, long.labels, long.meta)
    assert few.records[24].image == series.records[24].image


def test_reading_pixels_twice_or_in_another_order_changes_nothing(series: Dataset) -> None:
    again = phantoms(30, seed=11, size=64)
    backwards = [again.records[i].image.pixels for i in reversed(range(30))]
    for i, pixels in zip(reversed(range(30)), backwards, strict=True):
        np.testing.assert_array_equal(pixels, series.records[i].image.pixels)


def test_another_seed_gives_other_images() -> None:
    one, other = phantoms(12, seed=1, size=64), phantoms(12, seed=2, size=64)
    assert one.sha256 != other.sha256
    assert {r.image.sha256 for r in one.records}.isdisjoint(r.image.sha256 for r in other.records)


def test_the_data_set_digest_tells_size_and_number_apart() -> None:
    digests = {phantoms(n, 1, size).sha256 for n, size in ((5, 64), (6, 64), (5, 96))}
    assert len(digests) == 3
    assert phantoms(5, 1, 64).sha256 in digests


def test_no_two_images_are_equal(series: Dataset) -> None:
    assert len({record.image.sha256 for record in series.records}) == len(series.records)


@pytest.mark.parametrize(("n", "seed", "size"), [(0, 1, 128), (10, -1, 128), (10, 1, 16), (10, 1, 4096)])
def test_nonsense_is_refused(n: int, seed: int, size: int) -> None:
    with pytest.raises(InputError, match="Expected phantoms'"):
        phantoms(n, seed, size)


def test_every_kind_view_finding_site_and_vendor_occurs() -> None:
    records = phantoms(1500, seed=3, size=64).records
    labels = [record.labels for record in records]
    for kind in KINDS:
        own = [x for x in labels if (x["modality"], x["anatomy"]) == (kind.modality, kind.anatomy)]
        assert {x["view"] for x in own} == {view for view, _ in kind.views}
        assert {x["finding"] for x in own} == {finding for finding, _ in kind.findings}
    assert {x["site"] for x in labels} == set(SITES)
    assert {x["vendor"] for x in labels} == set(VENDORS)
    assert {x["sequence"] for x in labels if x["modality"] == "MRI"} == {"T1", "T2", "FLAIR"}


def test_labels_are_in_the_readers_words(series: Dataset) -> None:
    for record in series.records:
        for column, text in record.labels.items():
            assert text
            assert canonical_label(column, text).value == text, (column, text)
        canonical(dict(record.meta))


def test_some_patients_have_several_images_of_one_kind(series: Dataset) -> None:
    per_patient = Counter(record.cluster for record in series.records)
    share = sum(count > 1 for count in per_patient.values()) / len(per_patient)
    assert 0.05 < share < 0.5
    assert max(per_patient.values()) <= 4
    constant = ("modality", "anatomy", "site", "vendor", "sex", "age")
    seen: dict[str, tuple[str, ...]] = {}
    for record in series.records:
        told = tuple(record.labels[name] for name in constant)
        assert seen.setdefault(record.cluster, told) == told


def test_enough_of_each_modality_for_grids(series: Dataset) -> None:
    counts = Counter(record.labels["modality"] for record in series.records)
    assert min(counts[m] for m in ("X-ray", "CT", "MRI", "ultrasound")) >= 30


def test_a_thousand_images_take_less_than_20_seconds_of_one_core(
    fastest: Callable[[Callable[[], object], float], float],
) -> None:
    for record in phantoms(8, seed=6, size=128).records:  # the CT projector is built once
        assert record.image.pixels.size
    assert fastest(lambda: [record.image.pixels for record in phantoms(100, seed=5, size=128).records], 2) * 10 < 20
