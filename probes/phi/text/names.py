"""Recognisers of names: of people by title, degree, label, form or a known given name; of institutions by kind."""

from __future__ import annotations

import re
from typing import Final

from probes.phi.text.lexicon import AMBIGUOUS, COMMON, GIVEN, INSTITUTION_KINDS
from probes.phi.text.recogniser import SEPARATOR, Recogniser, words

_CAP = r"(?:(?:Mc|Mac|O['’]|D['’]|De|Di|La|Le|Van|Von|St\.)?[A-Z][a-zà-ÿ]{1,24}(?:['’\-][A-Z]?[a-zà-ÿ]{1,24}){0,2}|[A-Z]['’][A-Z][a-zà-ÿ]{1,24})"
_UPPER = r"(?:[A-ZÀ-Þ](?:['’\-]?[A-ZÀ-Þ]){1,24})"
_INITIAL = r"[A-Z](?:\.|(?![A-Za-z'’]))"
_PARTICLE = r"(?:(?:van|von|de|der|den|da|di|la|le|del|bin|al|el|y)[ ]){0,2}"
_TOKEN = rf"(?:{_CAP}|{_UPPER}|{_INITIAL})"
FULL: Final = rf"(?:{_CAP}[ ]?(?:{_INITIAL}[ ]?)?{_PARTICLE}{_CAP}(?:[ ]{_CAP})?|{_UPPER}[ ](?:{_INITIAL}[ ]?)?{_UPPER}(?:[ ]{_UPPER})?)"
LISTED: Final = rf"(?:{_CAP}(?:[ ]{_CAP})?[ ]?,[ ]?{_CAP}(?:[ ]?{_INITIAL}|[ ]{_CAP})?|{_UPPER}(?:[ ]{_UPPER})?[ ]?,[ ]?{_UPPER}(?:[ ]{_UPPER})?(?:[ ]?{_INITIAL}|[ ][A-Z](?![A-Za-z]))?)"
_SPOKEN = rf"{_TOKEN}(?:[ ]?{_TOKEN}|[ ]{_PARTICLE}{_TOKEN}){{0,3}}"
_TITLE = r"(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Doctor|Rev)"
_TITLED = rf"(?:{_TITLE}(?:\.[ ]?|[ ])|(?:DR|MR|MRS|MS|PROF)\.[ ]?)"
_DEGREE = (
    r"(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|N\.?P\.?|P\.?A\.?(?:-C)?|Ph\.?D\.?|MBBS|FRCR|FACR|DDS|DPM|LCSW|PharmD|APRN|CRNA|CNM|RPh"
    r"|DNP|DVM|RT(?:\(R\))?|RDMS|BSN|MPH|Jr|Sr)"
)
_ENDS = r"(?![A-Za-z'’])"
_ALONE = re.compile(r"(?<![A-Za-z])[A-Z](?![A-Za-z'’])|[a-z][A-Z]\.")
_PEOPLE = words(
    "name", "patient name", "patient's name", "patient", "pt.", "pt. name", "full name", "last name", "first name",
    "surname", "given name", "family name", "middle name", "maiden name", "PatientName", "next of kin", "kin",
    "emergency contact", "contact", "guarantor", "guarantor name", "subscriber", "subscriber name", "insured",
    "policy holder", "policyholder", "responsible party", "spouse", "husband", "wife", "mother", "father", "son",
    "daughter", "brother", "sister", "guardian", "parent", "caregiver", "attending", "attending physician", "physician",
    "doctor", "provider", "rendering provider", "prescriber", "prescribed by", "pharmacist", "surgeon", "radiologist",
    "pathologist", "technologist", "technician", "sonographer", "operator", "nurse", "requested by", "ordered by",
    "ordering physician", "ordering provider", "referred by", "referring physician", "referring provider", "referrer",
    "referring", "consultant", "reviewed by", "read by", "reported by", "signed by", "electronically signed by",
    "dictated by", "transcribed by", "verified by", "interpreted by", "performed by", "collected by", "protocolled by",
    "approved by", "seen by", "accompanied by", "primary care physician", "PCP", "attn.", "to", "from", "cc", "dear",
    "OperatorsName", "ReferringPhysicianName", "PerformingPhysicianName", "referred to", "witness", "sincerely",
    "author", "examiner", "cardiologist", "therapist", "case manager", "social worker", "assigned to", "report to",
)  # fmt: skip
_STRONG = r"[\"'*_)\]]{0,3}[ ]*(?::|\||\t|[ ]{2,}|=|\n[ \t|]*)[\"'*_ \t|]*(?:" + _TITLE + r"\b\.?[ ]*)?"
_ANY_GAP = rf"{SEPARATOR}(?:{_TITLE}\b\.?[ ]*)?"
_EMPLOYERS = words(
    "employer",
    "employer name",
    "employed by",
    "employed at",
    "works at",
    "works for",
    "worked at",
    "worked for",
    "company",
    "place of work",
    "workplace",
)
_INSTITUTIONS = words(
    "institution",
    "hospital",
    "facility",
    "InstitutionName",
    "clinic",
    "site",
    "pharmacy",
    "insurer",
    "insurance",
    "insurance company",
    "payer",
    "carrier",
    "school",
)
_FIRM = (
    r"[A-Z][\w&'’\-]{0,30}(?:[ ](?:of|and|the|&|[A-Z][\w&'’\-]{0,30})){0,4}(?:[ ](?:Co|Inc|Ltd|Corp|LLC|GmbH)\b\.?)?"
)


def tokens(text: str) -> list[str]:
    """The words of a name without initials, lower case."""
    return [word for word in re.findall(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*", text.lower()) if len(word) > 1]


def is_name(text: str) -> bool:
    """At least one word, none of them one of forms and reports unless an initial or a common given name is there."""
    found = tokens(text)
    common = sum(word in COMMON for word in found)
    certain = any(word in GIVEN for word in found) or _ALONE.search(text) is not None
    return bool(found) and (not common or (common < len(found) and certain))


def is_certain(text: str) -> bool:
    """A name with an initial or a common given name."""
    return is_name(text) and (_ALONE.search(text) is not None or any(word in GIVEN for word in tokens(text)))


def is_titled(text: str) -> bool:
    """What may stand behind a title: surnames that are ordinary words too."""
    return any(word not in COMMON or word in AMBIGUOUS for word in tokens(text))


def starts_known(text: str) -> bool:
    """A name whose first word is a common given name, with nothing of a form in it."""
    found = tokens(text)
    return len(found) > 1 and found[0] in GIVEN and found[-1] not in COMMON


def listed_known(text: str) -> bool:
    """ "Surname, Given": the word behind the comma is a common given name."""
    behind = tokens(text.partition(",")[2])
    return bool(behind) and behind[0] in GIVEN and is_name(text)


def is_firm(text: str) -> bool:
    """A name of more than a form's own words."""
    return any(word not in COMMON for word in tokens(text))


SIGNED: Final = (
    Recogniser("name", "degree", re.compile(rf"(?<![A-Za-z])(?P<v>{FULL})[ ]?,?[ ]?{_DEGREE}(?![A-Za-z])"), is_certain),
)  # fmt: skip
"""Before places: "Ivan E. Okafor, MD" is nobody's city."""

NAMES: Final = (
    Recogniser("name", "DICOM person name", re.compile(r"(?<![\w^])[A-Za-zÀ-ÿ'’\-]{2,40}(?:\^[A-Za-zÀ-ÿ'’.\-]{0,40}){1,4}(?![\w^])"), lambda t: bool(tokens(t))),
    Recogniser("name", "title", re.compile(rf"(?<![A-Za-z]){_TITLED}(?P<v>{_SPOKEN}){_ENDS}"), is_titled),
    Recogniser("name", "degree, by shape", re.compile(rf"(?<![A-Za-z])(?P<v>{FULL})[ ]?,?[ ]?{_DEGREE}(?![A-Za-z])"), is_name),
    Recogniser("name", "labelled list form", re.compile(rf"(?<![A-Za-z])(?i:{_PEOPLE}){_ANY_GAP}(?P<v>{LISTED}){_ENDS}"), is_name),
    Recogniser("name", "labelled", re.compile(rf"(?<![A-Za-z])(?i:{_PEOPLE}){_STRONG}(?P<v>{FULL}){_ENDS}"), is_name),
    Recogniser("name", "labelled with initial", re.compile(rf"(?<![A-Za-z])(?i:{_PEOPLE}){_ANY_GAP}(?P<v>{_TOKEN}[ ]?{_INITIAL}[ ]?{_TOKEN}){_ENDS}"), is_name),
    Recogniser("name", "labelled single word", re.compile(rf"(?<![A-Za-z])(?i:{_PEOPLE})[ ]?[:=][ \"'*]*(?P<v>{_CAP}|{_UPPER}){_ENDS}"), is_name),
    Recogniser("name", "initial", re.compile(rf"(?<![A-Za-z])(?P<v>{_CAP}[ ]?[A-Z]\.[ ]?{_PARTICLE}{_CAP}){_ENDS}"), is_name),
    Recogniser("name", "list form with initial", re.compile(rf"(?<![A-Za-z])(?P<v>{_CAP}[ ]?,[ ]?{_CAP}[ ]?[A-Z]\.|{_UPPER}[ ]?,[ ]?{_UPPER}[ ][A-Z]){_ENDS}"), is_name),
    Recogniser("name", "list form, known given name", re.compile(rf"(?<![A-Za-z])(?P<v>{LISTED}){_ENDS}"), listed_known),
    Recogniser("name", "known given name", re.compile(rf"(?<![A-Za-z])(?P<v>{FULL}){_ENDS}"), starts_known),
)  # fmt: skip

ORGANISATIONS: Final = (
    Recogniser("name", "institution", re.compile(rf"(?<![A-Za-z])(?P<v>(?:(?:St\.|[A-Z0-9][\w'’\-]{{0,30}})[ ](?:of[ ](?:the[ ])?)?){{1,4}}?{words(*INSTITUTION_KINDS)})(?![a-z])"), is_firm),
    Recogniser("name", "employer", re.compile(rf"(?<![A-Za-z])(?i:{_EMPLOYERS}){SEPARATOR}(?P<v>{_FIRM})"), is_firm),
    Recogniser("name", "labelled institution", re.compile(rf"(?<![A-Za-z])(?i:{_INSTITUTIONS})[ ]?(?::|\||=|\t)[\"'* \t|]*(?P<v>{_FIRM})"), is_firm),
)  # fmt: skip
