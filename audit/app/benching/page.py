"""The results of the controlled evaluation as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audit.app.benching.setting import LEARNED
from audit.app.benching.summary import ASKED
from audit.app.benching.trial import METHODS


def page(results: Mapping[str, Any]) -> str:
    """The sweep over Cramer's V, Precision@10 where the correlation was learned, clean settings, and mitigation."""
    told = results["summary"]
    return (
        "\n".join(
            [*_sweep(told["sweep"]), *_learned(told["learned"]), *_clean(told["clean"]), *_mitigated(told["mitigated"])]
        )
        + "\n"
    )


def _sweep(lines: list[Mapping[str, Any]]) -> Iterator[str]:
    if not lines:
        return
    yield "Precision@10 by Cramer's V, mean over the settings that learned the correlation (found, of them)"
    yield ""
    yield f"| stage | feature | V | learned | rise | {' | '.join(METHODS)} |"
    yield f"|{'---|' * (5 + len(METHODS))}"
    for line in lines:
        methods = " | ".join(_precision(line[name], name, line["learned"]) for name in METHODS)
        who = f"{line['stage']} | {line['feature']} | {line['v']:g}"
        yield f"| {who} | {line['learned']} of {line['settings']} | {line['mean_rise']:.2f} | {methods} |"
    yield ""


def _precision(told: Mapping[str, Any], name: str, learned: int) -> str:
    if not learned:
        return "-"
    found = f" ({told['found']})" if name in ASKED else ""
    return f"{told['precision_at_10']:.2f}{found}"


def _learned(lines: list[Mapping[str, Any]]) -> Iterator[str]:
    if not lines:
        return
    yield f"Settings that learned the correlation (rise of at least {LEARNED:g})"
    yield ""
    yield "| stage | settings | method | found | of the right class | Precision@10 (95%) |"
    yield "|---|---|---|---|---|---|"
    for line in lines:
        for name, words in METHODS.items():
            told = line[name]
            found = told["found"] if name in ASKED else "-"
            precision = f"{told['precision_at_10']:.2f} ({told['low']:.2f} to {told['high']:.2f})"
            yield (
                f"| {line['stage']} | {line['learned']} | {words} | {found} | {told.get('right_class', '-')} |"
                f" {precision} |"
            )
    yield ""


def _clean(lines: list[Mapping[str, Any]]) -> Iterator[str]:
    if not lines:
        return
    yield "Any discovery in settings without correlation (exact 95% intervals)"
    yield ""
    yield (
        "| stage | settings | accuracy | tested: anything | tested: the feature |"
        " tested, errors dealt out | published: anything |"
    )
    yield "|---|---|---|---|---|---|---|"
    for line in lines:
        low, mean, high = line["accuracy"]
        rates = " | ".join(_rate(line[name]) for name in ("tested", "of_the_feature", "dealt", "published"))
        yield f"| {line['stage']} | {line['settings']} | {mean:.2f} ({low:.2f} to {high:.2f}) | {rates} |"
    yield ""


def _rate(told: Mapping[str, Any]) -> str:
    share = told["hits"] / told["runs"]
    return f"{share:.1%}, {told['hits']} of {told['runs']} ({told['low']:.1%} to {told['high']:.1%})"


def _mitigated(lines: list[Mapping[str, Any]]) -> Iterator[str]:
    if not lines:
        return
    yield "Fine-tuned without and with the terms of regions, means over settings (95% of the difference)"
    yield ""
    yield "| stage | settings | cluster found | accuracy | worst group | rise | still found |"
    yield "|---|---|---|---|---|---|---|"
    for line in lines:
        told = " | ".join(_change(line[name]) if name in line else "-" for name in ("accuracy", "worst_group", "rise"))
        yield f"| {line['stage']} | {line['settings']} | {line['found']} | {told} | {line['still_found']} |"
    yield ""


def _change(told: Mapping[str, Any]) -> str:
    return f"{told['before']:.2f} to {told['after']:.2f} ({told['low']:+.2f} to {told['high']:+.2f})"
