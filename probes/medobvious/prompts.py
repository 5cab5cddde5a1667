"""What is asked: wording in the style of the published prompts, and a uniform one that gives nothing away."""

from __future__ import annotations

from collections.abc import Iterable

from audit.core.query import Option
from probes.medobvious.formats import Format, Polarity

PREFER_NORMAL = (
    "You are a careful reader of medical images. If you are not sure that a scan is out of place or abnormal, "
    "prefer the answer that everything is normal."
)
_ASPECTS = "modality, anatomy, view, pathology or image quality"


def published_prompt(kind: Format, polarity: Polarity, n: int, anomaly: str, options: Iterable[Option]) -> str:
    """The question as the published data words it, in our words: a row with an outlier says that there is one.

    Unlike the published list of what may differ, ours names view and image quality, because generated grids hold such
    outliers; it is the same in all tiers. `anomaly` names what the outlier is, for referring questions.
    """
    if kind == "detection_mcq":
        ask = (
            f"One of the scans is the clinical outlier: it differs in {_ASPECTS}. Which position is it at?"
            if polarity == "positive"
            else "If one of the scans is a clinical outlier, say which. If all are consistent, choose None."
        )
        return _mcq(f"This is a {n} x {n} grid of medical scans under review. {ask}", options)
    if kind == "detection_open":
        ask = (
            "One image is the clinical outlier. Give its position and, briefly, the reason: name the modality, anatomy "
            "or pathology that sets it apart."
            if polarity == "positive"
            else "If there is an outlier, give its position. Otherwise say none: all images show the same type of scan."
        )
        return f"You are an expert in medical imaging. Look at this {n} x {n} grid of scans. {ask}"
    if kind == "referring_mcq":
        return _mcq(
            f"In this {n} x {n} grid of medical scans, one scan holds a clinical anomaly ({anomaly}). "
            "Which position is it at?",
            options,
        )
    if kind == "referring_open":
        return (
            f"In this {n} x {n} grid of medical scans, one scan holds a clinical anomaly. Give its position and "
            "describe the anomaly in one sentence."
        )
    differs = (
        f" Does it differ from the others in {_ASPECTS}?"
        if polarity == "positive"
        else " Does it differ from the others?"
    )
    return _visual(n, differs)


def uniform_prompt(kind: Format, n: int, anomaly: str, options: Iterable[Option]) -> str:
    """The question in words that are the same whether or not there is an outlier."""
    if not kind.startswith("referring"):
        return published_prompt(kind, "negative", n, anomaly, options)
    start = f"This is a {n} x {n} grid of medical scans. If one scan shows the following, say where: {anomaly}."
    if kind == "referring_mcq":
        return _mcq(f"{start} Otherwise choose None.", options)
    return f"{start} Give its position, or otherwise answer none."


def panel_label(place: int, name: str) -> str:
    """The text before a panel that is sent as an image of its own."""
    return f"Image {place + 1} ({name}):"


def separate_images(prompt: str, n: int) -> str:
    """`prompt` for panels that are sent one by one."""
    return f"The {n * n} images above are the panels of a {n} x {n} grid, in reading order. {prompt}"


def with_options(question: str, options: Iterable[Option]) -> str:
    """An official question with its options, one per line, where it does not hold them already."""
    offered = tuple(options)
    if all(option.text.casefold() in question.casefold() for option in offered):
        return question
    return f"{question}\n{option_lines(offered)}"


def option_lines(options: Iterable[Option]) -> str:
    """One option per line: "A) top-left"."""
    return "\n".join(f"{option.label}) {option.text}" for option in options)


def _mcq(question: str, options: Iterable[Option]) -> str:
    return f"{question}\n{option_lines(options)}\nReply with only the letter."


def _visual(n: int, differs: str) -> str:
    return (
        f"In this {n} x {n} grid of medical scans a red box marks one scan. Is the marked scan the outlier?{differs} "
        "Answer yes or no, then give the reason briefly."
    )
