"""Questions about a grid, as an audit of grid consistency words them and in freer wordings."""

from __future__ import annotations

import numpy as np

from demo.grids import Grid, positions, tally
from demo.singles import Turn, pick
from probes.medobvious.formats import Format, options_for
from probes.medobvious.prompts import panel_label, published_prompt, separate_images, uniform_prompt

NONE_OPTION = "None - all images are the same"
_DETECT = {
    "sure": (
        "You are reviewing a {n}x{n} grid of medical images. One scan is the clinical outlier (it differs in modality, "
        "anatomy or pathology). Which position is it?",
        "One of the {k} images in this {n}x{n} grid does not belong. Which one?",
        "Which panel of this {n}x{n} grid is the outlier?",
    ),
    "if": (
        "You are reviewing a {n}x{n} grid of medical images. If one scan is the clinical outlier (it differs in "
        "modality, anatomy or pathology), identify it. If all images are consistent, select None.",
        "Does one of the {k} images in this {n}x{n} grid not belong? If so, which one?",
        "Look at the {n}x{n} grid. Is there an outlier, and where? Choose None if all panels show the same type of "
        "scan.",
    ),
}
_OPEN = {
    "sure": (
        "You are a medical imaging expert. In this {n}x{n} grid one image is the outlier. State its position and "
        "explain briefly why, naming the modality, anatomy or pathology.",
        "One of these {k} scans does not fit. Where is it, and why?",
    ),
    "if": (
        "You are a medical imaging expert. Identify the outlier in this {n}x{n} grid and its position if one exists; "
        "otherwise say that all images show the same type of scan.",
        "Is there a scan in this grid that does not fit? Say where and why, or say none.",
    ),
}
_REFER = {
    "sure": ("One scan in this {n}x{n} grid contains a clinical anomaly ({kind}). Which position is it?",
             "Which panel shows the anomaly: {kind}?"),
    "if": ("If one scan in this {n}x{n} grid shows {kind}, where is it? Otherwise answer none.",
           "Where in this {n}x{n} grid is the {kind}, if anywhere?"),
}  # fmt: skip
_REFER_OPEN = {
    "sure": ("One scan in this {n}x{n} grid contains a clinical anomaly. Give its position and one sentence on it.",),
    "if": ("If one scan in this {n}x{n} grid shows an anomaly, give its position and one sentence; otherwise none.",),
}
_VISUAL = {
    "sure": ("A red box highlights one scan in this grid. Is it the outlier? The scans may differ in modality, "
             "anatomy, or pathology. Answer yes or no, then say briefly why.",),
    "if": ("A red box highlights one scan in this grid. Is it the outlier, that is, does it differ from the others? "
           "Answer yes or no, then say briefly why.", "Is the scan in the red box the odd one out? Yes or no."),
}  # fmt: skip
_AUDIT = 0.65
_ONLY = (
    "Reply with only the letter.",
    "Answer with only the letter.",
    "Respond with the single letter of your choice.",
)


def grid_turns(rng: np.random.Generator, grid: Grid, mains: int = 2, aids: int = 2) -> list[Turn]:
    """Questions about one grid: `mains` on the outlier (one on a red box), then `aids` on what the panels are."""
    how = "if" if grid.outlier is None or rng.random() < 0.6 else "sure"
    if grid.boxed is not None:
        found = [_visual(rng, grid, how)]
    else:
        main = [_detect, _detect_open, _refer, _refer_open]
        chosen = rng.permutation(4)[:mains] if rng.random() < 0.8 else range(mains)
        found = [main[int(i)](rng, grid, how) for i in chosen]
    helpers = [_name_panel, _name_panel, _list_all, _compare, _count]
    return found + [helpers[int(rng.integers(len(helpers)))](rng, grid) for _ in range(aids)]


def _fill(text: str, grid: Grid) -> str:
    return text.format(n=grid.n, k=grid.n * grid.n, kind=grid.anomaly)


def _menu(rng: np.random.Generator, grid: Grid) -> str:
    names = [*positions(grid.n), NONE_OPTION]
    return "\n".join(f"{chr(65 + i)}) {name}" for i, name in enumerate(names)) + "\n" + pick(rng, _ONLY)


def _letter(grid: Grid) -> str:
    return chr(65 + (grid.n * grid.n if grid.outlier is None else grid.outlier))


def audit_prompt(kind: Format, grid: Grid, how: str) -> str:
    """The question exactly as the audit asks it: how "sure" (published, with an outlier) or "if" (uniform)."""
    options = options_for(kind, grid.n)
    if how == "sure":
        return published_prompt(kind, "positive", grid.n, grid.anomaly, options)
    return uniform_prompt(kind, grid.n, grid.anomaly, options)


def plain_turns(rng: np.random.Generator, grid: Grid) -> dict[str, Turn]:
    """A comparison of two panels and a count of panels."""
    return {"comparison": _compare(rng, grid), "count of panels": _count(rng, grid)}


def multi_turn(rng: np.random.Generator, grid: Grid, form: str = "") -> Turn:
    """A detection question on panels that are shown as images of their own, as the audit asks it."""
    labels = [panel_label(place, name) for place, name in enumerate(positions(grid.n))]
    letter = form == "letter" if form else rng.random() < 0.6
    kind: Format = "detection_mcq" if letter else "detection_open"
    asked = separate_images(audit_prompt(kind, grid, "if"), grid.n)
    return "\n".join((*labels, asked)), _letter(grid) if kind == "detection_mcq" else _told(grid)


def _detect(rng: np.random.Generator, grid: Grid, how: str) -> Turn:
    if rng.random() < _AUDIT:
        return audit_prompt("detection_mcq", grid, how), _letter(grid)
    return f"{_fill(pick(rng, _DETECT[how]), grid)}\n{_menu(rng, grid)}", _letter(grid)


def _refer(rng: np.random.Generator, grid: Grid, how: str) -> Turn:
    if rng.random() < _AUDIT:
        return audit_prompt("referring_mcq", grid, how), _letter(grid)
    return f"{_fill(pick(rng, _REFER[how]), grid)}\n{_menu(rng, grid)}", _letter(grid)


def _told(grid: Grid) -> str:
    return f"none: {grid.told}." if grid.outlier is None else f"{positions(grid.n)[grid.outlier]}: {grid.told}."


def _detect_open(rng: np.random.Generator, grid: Grid, how: str) -> Turn:
    if rng.random() < _AUDIT:
        return audit_prompt("detection_open", grid, how), _told(grid)
    return _fill(pick(rng, _OPEN[how]), grid), _told(grid)


def _refer_open(rng: np.random.Generator, grid: Grid, how: str) -> Turn:
    if rng.random() < _AUDIT:
        return audit_prompt("referring_open", grid, how), _told(grid)
    return _fill(pick(rng, _REFER_OPEN[how]), grid), _told(grid)


def _visual(rng: np.random.Generator, grid: Grid, how: str) -> Turn:
    question = _fill(pick(rng, _VISUAL[how]), grid)
    if rng.random() < _AUDIT:
        question = audit_prompt("visual_referring", grid, how)
    if grid.boxed == grid.outlier:
        return question, f"yes: {grid.told}."
    return question, "no: this panel is like the others."


def _name_panel(rng: np.random.Generator, grid: Grid) -> Turn:
    names, place = positions(grid.n), int(rng.integers(grid.n * grid.n))
    asked = pick(rng, ("What is the modality of the {} panel?", "Modality of the {} image?", "Which modality is {}?"))
    return asked.format(names[place]), grid.cases[place].kind.modality


def _list_all(rng: np.random.Generator, grid: Grid) -> Turn:
    asked = pick(rng, ("Name the modality of each panel.", "List the modalities of the panels, row by row."))
    return asked, ", ".join(case.kind.modality for case in grid.cases)


def _compare(rng: np.random.Generator, grid: Grid) -> Turn:
    names = positions(grid.n)
    one, two = (int(i) for i in rng.permutation(grid.n * grid.n)[:2])
    if grid.outlier is not None and rng.random() < 0.4 and grid.outlier not in (one, two):
        two = grid.outlier
    asked = pick(rng, ("Do the {} and the {} panel show the same modality?", "Are {} and {} of the same modality?"))
    same = grid.cases[one].kind.modality == grid.cases[two].kind.modality
    return asked.format(names[one], names[two]), "yes" if same else "no"


def _count(rng: np.random.Generator, grid: Grid) -> Turn:
    counts = tally(grid)
    modality = pick(rng, sorted(counts)) if rng.random() < 0.8 else pick(rng, ("CT", "MRI", "X-ray", "ultrasound"))
    return pick(rng, ("How many panels show {}?", "Count the {} panels.")).format(modality), str(counts[modality])
