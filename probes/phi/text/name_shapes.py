"""The shapes of names, and the labels and titles beside them."""

from __future__ import annotations

from typing import Final

from probes.phi.text.recogniser import SEPARATOR, STRONG_SEPARATOR, words

CAPITALISED: Final = (
    r"(?:(?:Mc|Mac|O['’]|D['’]|De|Di|La|Le|Van|Von|St\.)?[A-Z][a-zà-ÿ]{1,24}(?:['’\-][A-Z]?[a-zà-ÿ]{1,24}){0,2}"
    r"|[A-Z]['’][A-Z][a-zà-ÿ]{1,24})"
)
UPPER: Final = r"(?:[A-ZÀ-Þ](?:['’\-]?[A-ZÀ-Þ]){1,24})"
INITIAL: Final = r"[A-Z](?:\.|(?![A-Za-z'’]))"
PARTICLES: Final = r"(?:(?:van|von|de|der|den|da|di|la|le|del|bin|al|el|y)[ ]){0,2}"
WORD: Final = rf"(?:{CAPITALISED}|{UPPER}|{INITIAL})"
ENDS: Final = r"(?![A-Za-z'’])"

FULL: Final = (
    rf"(?:{CAPITALISED}[ ]?(?:{INITIAL}[ ]?)?{PARTICLES}{CAPITALISED}(?:[ ]{CAPITALISED})?"
    rf"|{UPPER}[ ](?:{INITIAL}[ ]?)?{UPPER}(?:[ ]{UPPER})?)"
)
"""Maria A. Lopez, MARIA A LOPEZ."""

LISTED: Final = (
    rf"(?:{CAPITALISED}(?:[ ]{CAPITALISED})?[ ]?,[ ]?{CAPITALISED}(?:[ ]?{INITIAL}|[ ]{CAPITALISED})?"
    rf"|{UPPER}(?:[ ]{UPPER})?[ ]?,[ ]?{UPPER}(?:[ ]{UPPER})?(?:[ ]?{INITIAL}|[ ][A-Z](?![A-Za-z]))?)"
)
"""Lopez, Maria A.; LOPEZ, MARIA A."""

SPOKEN: Final = rf"{WORD}(?:[ ]?{WORD}|[ ]{PARTICLES}{WORD}){{0,3}}"
"""What follows a title: one to four words."""

_TITLE = r"(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Doctor|Rev)"
TITLED: Final = rf"(?:{_TITLE}(?:\.[ ]?|[ ])|(?:DR|MR|MRS|MS|PROF)\.[ ]?)"
DEGREE: Final = (
    r"(?:M\.?D\.?|D\.?O\.?|R\.?N\.?|N\.?P\.?|P\.?A\.?(?:-C)?|Ph\.?D\.?|MBBS|FRCR|FACR|DDS|DPM|LCSW|PharmD|APRN|CRNA"
    r"|CNM|RPh|DNP|DVM|RT(?:\(R\))?|RDMS|BSN|MPH|Jr|Sr)"
)
FIRM: Final = (
    r"[A-Z][\w&'’\-]{0,30}(?:[ ](?:of|and|the|&|[A-Z][\w&'’\-]{0,30})){0,4}"
    r"(?:,[ ][A-Z][\w'’\-]{0,30}){0,2}(?:,?[ ]and[ ][A-Z][\w'’\-]{0,30})?"
    r"(?:,?[ ](?:Co|Inc|Ltd|Corp|LLC|PLC|GmbH)\b\.?)?"
)
GAP: Final = rf"{SEPARATOR}(?:{_TITLE}\b\.?[ ]*)?"
STRONG_GAP: Final = rf"{STRONG_SEPARATOR}(?:{_TITLE}\b\.?[ ]*)?"

PEOPLE: Final = words(
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
RELATIVES: Final = words(
    "spouse", "husband", "wife", "mother", "father", "son", "daughter", "brother", "sister", "guardian", "partner",
    "caregiver", "aunt", "uncle", "niece", "nephew", "grandmother", "grandfather", "grandson", "granddaughter",
)  # fmt: skip
EMPLOYERS: Final = words(
    "employer", "employer name", "employed by", "employed at", "works at", "works for", "worked at", "worked for",
    "company", "place of work", "workplace",
)  # fmt: skip
INSTITUTIONS: Final = words(
    "institution", "hospital", "facility", "InstitutionName", "clinic", "site", "pharmacy", "insurer", "insurance",
    "insurance company", "payer", "carrier", "school",
)  # fmt: skip
