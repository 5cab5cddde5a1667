from __future__ import annotations

from collections import Counter

from audit.core.probe import Plan
from probes.spurious.constant import constant_answers


def test_the_commonest_class_for_all(plan: Plan) -> None:
    counts = Counter(item.target for item in plan.items)
    said = {answer.text for answer in constant_answers(plan.requests)}
    assert len(said) == 1
    assert counts[said.pop()] == max(counts.values())
    assert constant_answers([]) == ()
