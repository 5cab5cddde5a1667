"""Text without its dress: markup, unicode variants and emphasis taken off before anything is read.

All patterns here and in the readers have bounded repeats, so that a megabyte of hostile text takes linear time.
"""

from __future__ import annotations

import re
import unicodedata

_TAG = re.compile(r"</?[A-Za-z!][^<>\n]{0,100}>")
_LATEX = re.compile(r"\\(?:boxed|text|textbf|mathrm|mathbf|fbox)\s{0,3}\{([^{}]{0,80})\}")
_TABLE = str.maketrans(
    {
        **dict.fromkeys("*`~$\u200b\u200c\u200d\u2060\ufeff\u00ad", None),
        **dict.fromkeys("_#|\u00a0\u202f\t\r", " "),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"'),
    }
)


def plain(text: str) -> str:
    """`text` in NFKC with one kind of dash and quote, without tags, emphasis, LaTeX boxes or zero-width characters.

    Case and line breaks stay: both say something about letters and sentences.
    """
    text = unicodedata.normalize("NFKC", text)
    if "\\" in text:
        text = _LATEX.sub(r"(\1)", _LATEX.sub(r"(\1)", text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    return text.translate(_TABLE)


def letters(text: str) -> str:
    """`plain(text)` in one case, everything but letters and digits as single spaces: for comparing phrases."""
    return " ".join(re.sub(r"[\W_]+", " ", plain(text).casefold()).split())
