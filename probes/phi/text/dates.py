"""Recognisers of dates (all elements but the year) and of ages over 89."""

from __future__ import annotations

import re
from typing import Final

from probes.phi.text.checks import is_date, is_old
from probes.phi.text.recogniser import Recogniser, labelled, words

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?:1[89]|20)[0-9]{2}"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_LABELS = words(
    "date of birth", "birth date", "birthdate", "DOB", "D.O.B.", "born", "born on", "date", "study date", "exam date",
    "PatientBirthDate", "StudyDate", "admitted", "discharged", "collected", "received", "reported", "seen on",
    "date of death", "died on", "visit date", "service date", "acquisition date", "series date", "content date",
)  # fmt: skip

DATES: Final = (
    Recogniser(
        "date",
        "numeric date",
        re.compile(r"(?<![\w.\-/])[0-9]{1,2}(?P<s> ?[/.\-] ?)[0-9]{1,2}(?P=s)(?:[0-9]{4}|[0-9]{2})(?![\w/]|[.\-][0-9])"),
        is_date,
    ),
    Recogniser(
        "date",
        "ISO date",
        re.compile(rf"(?<![\w.\-/]){_YEAR}(?P<s>[/.\-])[0-9]{{1,2}}(?P=s)[0-9]{{1,2}}(?![0-9/]|[.\-][0-9])"),
        is_date,
    ),
    Recogniser(
        "date",
        "month in words",
        re.compile(rf"(?i)(?<![A-Za-z]){_MONTH}[ \t]*{_DAY}(?:[ \t]*,)?[ \t]*{_YEAR}(?![0-9])"),
    ),
    Recogniser(
        "date",
        "day before the month",
        re.compile(rf"(?i)(?<![\w.]){_DAY}[ \t]*(?:of)?[ \t.\-/]*{_MONTH}[ \t.,\-/]*(?:{_YEAR}|(?<=[-/ ])[0-9]{{2}})(?!\w)"),
    ),
    Recogniser("date", "month and day", re.compile(rf"(?i)(?<![A-Za-z]){_MONTH}[ \t]+{_DAY}(?![\w%]|[.,][0-9])")),
    Recogniser("date", "day and month", re.compile(rf"(?i)(?<![\w.\-/,]){_DAY}[ \t](?:of[ \t])?{_MONTH}(?![A-Za-z])")),
    Recogniser("date", "month and year", re.compile(rf"(?i)(?<![A-Za-z]){_MONTH}[ \t]*,?[ \t]*{_YEAR}(?![0-9])")),
    Recogniser("date", "labelled digits", labelled(_LABELS, rf"{_YEAR}[0-9]{{4}}(?![0-9])"), is_date),
    Recogniser(
        "date",
        "labelled month and day",
        labelled(_LABELS, r"(?:1[0-2]|0?[1-9])[/\-](?:3[01]|[12][0-9]|0?[1-9])(?![\w/\-])"),
    ),
    Recogniser("date", "age over 89", re.compile(r"(?i)(?<![\w.])(?P<v>[0-9]{2,3})[ \t\-]*(?:years?|yrs?|y/?o\b|y\b)"), is_old),
    Recogniser(
        "date",
        "labelled age over 89",
        labelled(words("age", "aged", "age / sex", "age/gender", "PatientAge"), r"0?[0-9]{2,3}(?![0-9.])"),
        is_old,
    ),
    Recogniser("date", "age and sex over 89", re.compile(r"(?<![\w./])(?P<v>[0-9]{2,3})[ ]*/?[ ]*[MF](?![\w./])"), is_old),
)  # fmt: skip
