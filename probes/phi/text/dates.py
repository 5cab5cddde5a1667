"""Recognisers of dates (all elements but the year) and of ages over 89."""

from __future__ import annotations

import re
from typing import Final

from probes.phi.text.checks import is_date, is_old
from probes.phi.text.recogniser import LETTERLESS, Recogniser, labelled, words

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:1[89]|20)[0-9]{2}"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_MONTH_AND_DAY = r"(?:1[0-2]|0?[1-9])[/\-](?:3[01]|[12][0-9]|0?[1-9])(?![\w/\-])"
_ALONE = r"(?![\w/]|[.\-][0-9])"
_LABELS = words(
    "date of birth", "birth date", "birthdate", "DOB", "D.O.B.", "born", "born on", "date", "study date", "exam date",
    "PatientBirthDate", "StudyDate", "admitted", "discharged", "collected", "received", "reported", "seen on",
    "date of death", "died on", "visit date", "service date", "acquisition date", "series date", "content date",
)  # fmt: skip
_AGES = words("age", "aged", "age / sex", "age/gender", "PatientAge")


def _date(how: str, pattern: str, checked: bool = False) -> Recogniser:
    return Recogniser("date", how, re.compile(pattern, re.IGNORECASE), is_date if checked else None)


DATES: Final = (
    _date(
        "numeric date",
        rf"(?<![\w.\-/])[0-9]{{1,2}}(?P<s> ?[/.\-] ?)[0-9]{{1,2}}(?P=s)(?:[0-9]{{4}}|[0-9]{{2}}){_ALONE}",
        checked=True,
    ),
    _date("ISO date", rf"(?<![\w.\-/]){_YEAR}(?P<s>[/.\-])[0-9]{{1,2}}(?P=s)[0-9]{{1,2}}(?![0-9/]|[.\-][0-9])", True),
    _date("month in words", rf"{LETTERLESS}{_MONTH}[ \t]*{_DAY}(?:[ \t]*,)?[ \t]*{_YEAR}(?![0-9])"),
    _date(
        "day before the month",
        rf"(?<![\w.]){_DAY}[ \t]*(?:of)?[ \t.\-/]*{_MONTH}[ \t.,\-/]*(?:{_YEAR}|(?<=[-/ ])[0-9]{{2}})(?!\w)",
    ),
    _date("month and day", rf"{LETTERLESS}{_MONTH}[ \t]+{_DAY}(?![\w%]|[.,][0-9])"),
    _date("day and month", rf"(?<![\w.\-/,]){_DAY}[ \t](?:of[ \t])?{_MONTH}(?![A-Za-z])"),
    _date("month and year", rf"{LETTERLESS}{_MONTH}[ \t]*,?[ \t]*{_YEAR}(?![0-9])"),
    Recogniser("date", "labelled digits", labelled(_LABELS, rf"{_YEAR}[0-9]{{4}}(?![0-9])"), is_date),
    Recogniser("date", "labelled month and day", labelled(_LABELS, _MONTH_AND_DAY)),
    Recogniser(
        "date",
        "age over 89",
        re.compile(r"(?i)(?<![\w.])(?P<v>[0-9]{2,3})[ \t\-]*(?:years?|yrs?|y/?o\b|y\b)"),
        is_old,
    ),
    Recogniser("date", "labelled age over 89", labelled(_AGES, r"0?[0-9]{2,3}(?![0-9.])"), is_old),
    Recogniser("date", "age and sex", re.compile(r"(?<![\w./])(?P<v>[0-9]{2,3})[ ]*/?[ ]*[MF](?![\w./])"), is_old),
)
