"""The page of a self-test, in Markdown: written by the command, never by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audit.app.selftest.report import Promise

INTRODUCTION = """# An audit of the audit

`medaudit selftest` puts simulated models of known behaviour through the audit. The plan of the default data, the words
in which models answer, parsing, judging, measures, statistics, policy and verdict are those of `medaudit run`; only the
keeping of answers on disk is left out (`tests/audit/app/selftest/test_same_as_run.py` writes the simulated answers to
files, has `medaudit run` replay them, and finds the same). This page is written by the commands that it names.
Intervals in brackets are exact (Clopper-Pearson, 95%) unless it says otherwise.

**The models.** Each answer is right with a stated chance, however answers hang together: a tenth of what is hard lies
with the cluster, half with the item, and half of both is felt by model and base alike (a normal copula). Without the
image a model guesses, the same for the same words. The base is honest. A flaw takes over a share of the items, its
*effect*; elsewhere the model is as honest as the base (right 95 times of 100). It is *found* where one of the findings
that the flaw names speaks against the model: an endpoint that fails, a flag for the worse, a control that reaches the
score. *Spoilt* are audits in which something spoke that the flaw has to leave alone.

**Adding one.** A flaw is declared by its probe (`probes/NAME/flaws.py`, `audit.core.probe.Flaw`) and is in this list
from then on, those of third-party probes too. `medaudit.testing.check_probe` refuses a probe whose flaws the audit does
not find. Promises: *kept* as these runs show, *open* where they are too few to tell, *broken* where they show that.
"""
FLATTERERS = (
    "Every fifth round of models are *flatterers*, who put the same answers in many words. Strict scoring reads them as"
    " it reads few (a test compares all answers); published scorings do not, a true difference from the base: the"
    " families are counted without them, and they have rows of their own, of strict findings."
)
STANDING = {"shown": "kept", "open": "open", "broken": "**broken**"}


def page(results: Mapping[str, Any], promises: Sequence[Promise]) -> str:
    """The whole page."""
    parts = [INTRODUCTION, *_power(results.get("power"), promises), *_clean(results.get("clean"), promises)]
    parts += [*_unsteady(results.get("unsteady"), promises)]
    parts += [*_threshold(results.get("threshold"), promises), *_coverage(results.get("coverage"), promises)]
    return "\n".join(parts).rstrip() + "\n"


def _power(told: Mapping[str, Any] | None, promises: Sequence[Promise]) -> Iterator[str]:
    if not told:
        return
    standing = {promise.name: STANDING[promise.standing] for promise in promises}
    yield "## Flaws that must be found\n"
    yield (
        f"{told['command']} ({told['resamples']:,} resamples: fewer than by default can only cost power). Promised:"
        " 0.95 at the stated effect, lower bound 0.90.\n"
    )
    yield "| probe: flaw | given away by | honest | a quarter | half | effect | found | spoilt | |"
    yield "|---|---|---|---|---|---|---|---|---|"
    for row in told["rows"]:
        if row["stated"]:
            own = {other["effect"]: other["found"] for other in told["rows"] if other["name"] == row["name"]}
            curve = [_of(own.get(round(step * row["effect"], 4))) for step in (0, 0.25, 0.5)]
            mark = standing[f"finds {row['name']} at effect {row['effect']:g}"]
            spoilt = _of(row["spoilt"]) if row["spares"] else ""
            names = ", ".join(f"`{name}`" for name in row["finds"])
            cells = (row["name"], names, *curve, f"{row['effect']:g}", _tally(row["found"]), spoilt, mark)
            yield f"| {' | '.join(cells)} |"
    for name, why in told["left_out"].items():
        yield f"| {name} | no flaw of this probe could be planted: {why} | | | | | | | open |"
    honest = [row for row in told["rows"] if row["effect"] == 0]
    if honest:
        hits, runs = (sum(row["found"][key] for row in honest) for key in ("hits", "runs"))
        yield f"\nHits against the honest model (effect 0) are false: {hits} of {runs} over all flaws."
    yield ""


def _clean(told: Mapping[str, Any] | None, promises: Sequence[Promise]) -> Iterator[str]:
    if not told:
        return
    yield "## Models with nothing to find\n"
    yield (
        f"{told['command']}: {told['runs']} full audits of {_probes(told)} at once ({told['resamples']:,}"
        " resamples). Model and base are equally good, in turn 98, 95, 92 and 75 of 100 right. Every difference from"
        " the base, between slices and from clean images is then nothing. Promised: a false fail in at most"
        f" {told['alpha']:g} of audits (Holm), and in each family of such findings any flag, either way, in at most"
        f" {told['fdr']:g} (Benjamini-Hochberg where nothing is true). {FLATTERERS}\n"
    )
    yield "| what | audits | |\n|---|---|---|"
    for promise in promises:
        if promise.name.startswith(("fails", "flags a clean")):
            yield f"| {promise.name} | {promise.figure} | {STANDING[promise.standing]} |"
    families = len(told["families"])
    yield (
        f"| any flag in any of the {families} families (their promises add up to {families * told['fdr']:.2f}) |"
        f" {_tally(told['any_family'])} | |\n"
    )
    yield "| model | any such flag or false fail | verdicts |\n|---|---|---|"
    for name, tally in told["personas"].items():
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(told["verdicts"][name].items()))
        yield f"| {name} | {_tally(tally)} | {verdicts} |"
    yield (
        "\nMetrics that spoke against a model in these audits, in whatever comparison (failing a threshold that 75 of"
        " 100 does not meet is no error, nor is a leak: these models read pages, of which nothing is hidden by default,"
        " so that their verdict is fail):\n\n| metric: comparison | audits |\n|---|---|"
    )
    most = sorted(told["accused"].items(), key=lambda pair: -pair[1]["hits"])
    for name, tally in most[:20]:
        yield f"| `{name}` | {_tally(tally)} |"
    if len(most) > 20:
        yield f"| {len(most) - 20} more, each in fewer | at most {most[20][1]['hits']} |"
    yield (
        "\nIntervals of these findings (95%) that hold the truth, by method; the interval of the share takes audits as"
        " clusters:\n\n| method | intervals | hold the truth |\n|---|---|---|"
    )
    for name, held in told["covered"].items():
        yield f"| {name} | {held['intervals']:,} | {held['share']:.3f} ({held['low']:.3f} to {held['high']:.3f}) |"
    yield ""


def _unsteady(told: Mapping[str, Any] | None, promises: Sequence[Promise]) -> Iterator[str]:
    if not told:
        return
    yield "## Models that disagree with themselves\n"
    yield (
        f"{told['command']}: {told['runs']} audits of the probe `shifts` ({told['resamples']:,} resamples), with part"
        " of the clean questions asked twice, as in every run ([noise](noise.md)). About a share of the questions the"
        " model makes up its mind anew whenever it is asked; it is as often right as the base, and no corruption"
        f" matters to either. Promised: a flag of any of these kinds in at most {told['fdr']:g} of audits.\n"
    )
    yield "| what | audits | |\n|---|---|---|"
    for promise in promises:
        if promise.name.startswith("flags a model for its noise"):
            yield f"| {promise.name} | {promise.figure} | {STANDING[promise.standing]} |"
    yield "\n| model | same answer when asked again | any such flag |\n|---|---|---|"
    for name, tally in told["models"].items():
        yield f"| {name} | {told['agreement'][name]:.3f} | {_tally(tally)} |"
    yield ""


def _threshold(told: Mapping[str, Any] | None, promises: Sequence[Promise]) -> Iterator[str]:
    if not told:
        return
    (standing,) = [promise.standing for promise in promises if promise.name.startswith("passes")]
    yield "## Models exactly at the thresholds\n"
    yield (
        f"{told['command']}: audits of {_probes(told)} at once ({told['resamples']:,} resamples). The model"
        " meets every threshold of the default policy exactly and is worse than its base by exactly the margins, so"
        f" that every pass is false. Promised: any pass in at most {told['alpha']:g} of audits.\n"
    )
    yield "| what passes | audits | |\n|---|---|---|"
    yield f"| any endpoint | {_tally(told['any_pass'])} | {STANDING[standing]} |"
    yield f"| the whole audit | {_tally(told['overall'])} | |"
    for name, tally in told["endpoints"].items():
        yield f"| `{name}` | {_tally(tally)} | |"
    yield ""


def _coverage(told: Mapping[str, Any] | None, promises: Sequence[Promise]) -> Iterator[str]:
    if not told:
        return
    standing = {promise.name: promise for promise in promises}
    yield "## Intervals\n"
    yield (
        f"{told['command']} ({told['resamples']:,} resamples): 95% intervals as findings have them, of drawn totals"
        " with a truth in closed form. Promised: bootstrap 0.94 to 0.97, exact at least 0.95; Korn-Graubard of clusters"
        " is neither and is allowed 0.93 to 0.97 ([why](statistics.md)).\n"
    )
    yield "| interval | kind | holds the truth | |\n|---|---|---|---|"
    for row in told["rows"]:
        promise = standing[f"covers: {row['name']}"]
        share = row["held"]["hits"] / row["held"]["runs"]
        yield f"| {row['name']} | {row['kind']} | {share:.4f}, {promise.figure} | {STANDING[promise.standing]} |"
    yield ""


def _probes(told: Mapping[str, Any]) -> str:
    return ", ".join(told.get("probes", ())) or "all probes"


def _of(tally: Mapping[str, Any] | None) -> str:
    return "" if tally is None else f"{tally['hits']} of {tally['runs']}"


def _tally(tally: Mapping[str, Any]) -> str:
    return f"{tally['hits']} of {tally['runs']} ({tally['low']:.3f} to {tally['high']:.3f})"
