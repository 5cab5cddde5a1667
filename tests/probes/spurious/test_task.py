from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from audit.core.dataset import Record
from audit.core.image import Image
from probes.spurious.task import FEWEST, LETTERS, Task, task_of

IMAGE = Image.of(np.zeros((8, 8), np.uint8))


def records(finding: str, n: int, anatomy: str = "chest", first: int = 0) -> list[Record]:
    labels = {"modality": "X-ray", "anatomy": anatomy, "finding": finding}
    return [Record(f"{anatomy}-{finding}-{i}", IMAGE, f"{anatomy}-p{first + i}", labels) for i in range(n)]


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def made(*parts: list[Record], items: int = 1000, group: str = "") -> Task | str:
    return task_of([record for part in parts for record in part], "finding", group, items, "choose", rng())


def test_the_group_with_most_usable_images_is_asked_about() -> None:
    hands = [*records("break", 40, "hand"), *records("none", 40, "hand", 40)]
    chests = [*records("nodule", 50), *records("none", 50, first=50)]
    task = made(hands, chests)
    assert isinstance(task, Task)
    assert task.group == ("X-ray", "chest")
    chosen = made(hands, chests, group="x-ray/HAND")
    assert isinstance(chosen, Task)
    assert chosen.group == ("X-ray", "hand")


def test_classes_of_too_few_patients_and_images_of_several_classes_are_left_out() -> None:
    rare = records("rare", FEWEST - 1)
    both = [replace(r, labels={**r.labels, "finding": "a|b"}) for r in records("x", 20, first=500)]
    one_patient = [replace(r, cluster="p") for r in records("often", 30)]
    task = made(records("a", 20), records("b", 20, first=20), rare, both, one_patient)
    assert isinstance(task, Task)
    assert sorted(task.classes) == ["a", "b"]
    assert task.left_out == len(rare) + len(both) + len(one_patient)
    assert {record.labels["finding"] for record in task.records} == {"a", "b"}


def test_too_little_is_told() -> None:
    assert "no two values of 'finding'" in str(made(records("a", 50)))
    assert "spurious.items" in str(made(records("a", 50), records("b", 50), items=12))


def test_fewer_images_are_whole_patients() -> None:
    several = [replace(record, cluster=f"p{i // 3}") for i, record in enumerate(records("a", 150) + records("b", 150))]
    task = task_of(several, "finding", "", 150, "choose", rng())
    assert isinstance(task, Task)
    assert 140 <= len(task.records) <= 150
    kept = {record.cluster for record in task.records}
    assert len([record for record in several if record.cluster in kept]) == len(task.records)


def test_one_question_with_the_same_options_for_every_image() -> None:
    task = made(records("a", 20), records("b", 20, first=20))
    assert isinstance(task, Task)
    queries = {task.query(record.image).digest for record in task.records}
    assert len(queries) == 1  # one picture here, so that nothing else may differ
    (query,) = {task.query(task.records[0].image)}
    assert [option.label for option in query.options] == ["A", "B"]
    assert all(f"{option.label}) {option.text}" in query.text for option in query.options)
    assert task.query(IMAGE).how == "choose"


def test_the_order_of_options_is_drawn() -> None:
    parts = [records(name, 12, first=12 * i) for i, name in enumerate("abcdef")]
    flat = [record for part in parts for record in part]
    orders = set()
    for seed in range(5):
        task = task_of(flat, "finding", "", 1000, "choose", np.random.default_rng(seed))
        assert isinstance(task, Task)
        orders.add(task.classes)
        assert sorted(task.classes) == list("abcdef")
        assert task.class_of(flat[0]) == task.classes.index("a")
    assert len(orders) > 1


@pytest.mark.parametrize("n_classes", [9, 12])
def test_at_most_as_many_classes_as_letters(n_classes: int) -> None:
    parts = [records(f"c{i}", 12 + i, first=100 * i) for i in range(n_classes)]
    task = made(*parts)
    assert isinstance(task, Task)
    assert len(task.classes) == len(LETTERS) == 8
    assert set(task.classes) == {f"c{i}" for i in range(n_classes - 8, n_classes)}
