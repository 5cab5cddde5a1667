from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit.core.errors import InputError
from audit.policy.policy import Endpoint, load_policy


def write(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, "utf-8")
    return path


def test_default_policy_gates_medobvious_completely() -> None:
    policy = load_policy()
    ends = {end.metric: end for end in policy.endpoints(frozenset({"medobvious"}))}
    assert ends.keys() == {"medobvious.sensitivity", "medobvious.false_alarm_rate", "medobvious.youden_j"}
    assert all(end.scoring == "strict" for end in ends.values())
    assert ends["medobvious.sensitivity"].direction == "at_least"
    assert ends["medobvious.false_alarm_rate"].direction == "at_most"
    assert ends["medobvious.youden_j"].comparison == "vs_base"
    assert ends["medobvious.youden_j"].limit(policy.margin("medobvious.youden_j")) == -0.10
    assert {end.probe for end in policy.primary} == {"medobvious", "mediconfusion", "shifts", "phi", "spurious"}
    assert (policy.alpha, policy.ci_level, policy.resamples, policy.min_clusters) == (0.025, 0.95, 10_000, 20)


def test_keys_left_out_keep_their_defaults(tmp_path: Path) -> None:
    path = write(tmp_path, "alpha: 0.01\nmargins: {medobvious.youden_j: 0.2}\n")
    policy = load_policy(path)
    default = load_policy()
    assert policy.alpha == 0.01
    assert policy.margin("medobvious.youden_j") == 0.2
    assert policy.margin("anything.else") == default.margin("anything.else") == 0.05
    assert policy.primary == default.primary
    assert policy.name == "policy"


def test_a_list_that_is_given_replaces_the_default(tmp_path: Path) -> None:
    text = "primary:\n  - {metric: phi.leak_rate, direction: at_most, threshold: 0, tags: {category: name}}\n"
    (end,) = load_policy(write(tmp_path, text)).primary
    assert end == Endpoint("phi.leak_rate", "strict", "absolute", "at_most", 0.0, {"category": "name"})
    assert load_policy(write(tmp_path, "primary: []")).primary == ()


def test_hash_is_of_what_it_says_not_of_how(tmp_path: Path) -> None:
    one = load_policy(write(tmp_path, "alpha: 0.01\nfdr: 0.1\n"))
    two = load_policy(write(tmp_path, "# reasons\nfdr: 1.0e-1\n\nalpha:   0.010\n"))
    assert one.sha256 == two.sha256
    assert len(one.sha256) == 64
    assert one.sha256 != replace(one, alpha=0.02).sha256
    assert one.sha256 != replace(one, primary=one.primary[1:]).sha256


@pytest.mark.parametrize(
    ("text", "row", "says"),
    [
        ("alpha: 0.025\nalhpa: 0.01\n", 2, "Unknown key 'alhpa'; allowed: alpha, ci_level"),
        ("\nalpha: 0.7\n", 2, "'alpha' to be a number above 0 and below 0.5 but got 0.7"),
        ("alpha: lots\n", 1, "but got 'lots'"),
        ("alpha: .nan\n", 1, "but got nan"),
        ("alpha: yes\n", 1, "but got True"),
        ("alpha:\n", 1, "but got nothing"),
        ("alpha: [0.01]\n", 1, "but got a list"),
        ("power: 1\n", 1, "above 0.5 and below 1"),
        ("resamples: 999\n", 1, "a whole number from 1000 to 1000000"),
        ("resamples: 1000.5\n", 1, "a whole number"),
        ("min_clusters: 1\n", 1, "a whole number from 2"),
        ("max_unusable_share: 1.5\n", 1, "a number from 0 to 1"),
        ("margins:\n  default: 0\n", 2, "'margins.default'"),
        ("margins:\n  default: 0.1\n  youden: 0.1\n", 3, "'default' or a metric"),
        ("required_probes: medobvious\n", 1, "'required_probes' to be a list"),
        ("required_probes: [medobvious, 3]\n", 1, "'required_probes[2]' to be text"),
        ("name: ''\n", 1, "text that is not empty"),
        ("schema: medaudit.policy/9\n", 1, "'medaudit.policy/1'"),
        ("primary:\n  - metric: toy.a\n    threshold: 1\n", 2, "has no 'direction'"),
        ("primary:\n  - {metric: toy.a, direction: at_least}\n", 2, "has no 'threshold'"),
        ("primary:\n  - {direction: at_least, threshold: 1}\n", 2, "has no 'metric'"),
        ("primary:\n  - {metric: toy, direction: at_least, threshold: 1}\n", 2, "a metric"),
        ("primary:\n  -\n    metric: toy.a\n    direction: above\n    threshold: 1\n", 4, "one of at_least, at_most"),
        ("primary:\n  - {metric: toy.a, direction: at_least, threshold: 1, scoring: control}\n", 2, "one of published"),
        ("primary:\n  - {metric: toy.a, direction: at_least, comparison: vs_base, threshold: 1}\n", 2, "'margins'"),
        ("primary:\n  - {metric: toy.a, direction: at_least, treshold: 1}\n", 2, "'treshold' of 'primary[1]'"),
        (
            "primary:\n  - {metric: toy.a, direction: at_least, threshold: 1}\n"
            "  - {metric: toy.a, direction: at_least, threshold: 2}\n",
            3,
            "repeats an earlier one",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, row: int, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        load_policy(path)
    assert str(caught.value).startswith(f"{path}, row {row}: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_endpoint_says_what_it_asks() -> None:
    tagged = Endpoint("a.leak_rate", "published", "absolute", "at_most", 0.1, {"tier": "v1"})
    assert tagged.words == "leak rate (published scoring, tier v1) at most 0.1"
    assert Endpoint("medobvious.youden_j", "strict", "vs_base", "at_least").words == (
        "Youden's J not worse than the base model's"
    )
    assert Endpoint("medobvious.youden_j", "strict", "vs_base", "at_least").title == "Youden's J (medobvious)"
    assert Endpoint("a.b", "strict", "vs_base", "at_most").limit(0.05) == 0.05
