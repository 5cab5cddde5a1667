"""Recognisers of numbers that stand for a person: by check digit, by shape, by the label before them."""

from __future__ import annotations

import re
from typing import Final

from probes.phi.text.checks import (
    has_digits,
    is_card,
    is_dea,
    is_iban,
    is_imei,
    is_npi,
    is_ssn,
    is_vin,
)
from probes.phi.text.recogniser import Recogniser, labelled, words

NUMBER: Final = r"[A-Za-z0-9](?:[A-Za-z0-9]|[./_\-]{1,2}(?=[A-Za-z0-9])|-[ ](?=[0-9])){0,40}"
"""A number as forms print it: letters and digits, joined by hyphens, dots and slashes."""
_GROUPED: Final = r"[0-9]{2,5}(?:[ \-][0-9]{2,5}){1,4}(?![\w\-])"


def _by_label(category: str, how: str, *labels: str) -> Recogniser:
    return Recogniser(category, how, labelled(words(*labels), f"{_GROUPED}|{NUMBER}"), has_digits)


CHECKED: Final = (
    Recogniser("vehicle", "VIN with check digit", re.compile(r"(?<![\w\-])[A-HJ-NPR-Za-hj-npr-z0-9]{17}(?![\w\-])"), is_vin),
    Recogniser(
        "device",
        "UDI",
        re.compile(r"\([ ]?01[ ]?\)[ ]?[0-9OISBl]{14}(?:[ ]?\([ ]?[0-9]{2}[ ]?\)[ ]?[A-Za-z0-9](?:[A-Za-z0-9\-./_+]{0,30}[A-Za-z0-9])?){0,6}"),
    ),
    Recogniser("device", "IMEI with check digit", re.compile(r"(?<![\w\-])[0-9]{15}(?![\w\-])"), is_imei),
    Recogniser("device", "MAC address", re.compile(r"(?<![\w:\-])(?:[0-9A-Fa-f]{2}[:\-]){5}[0-9A-Fa-f]{2}(?![\w:\-])")),
    Recogniser("licence", "DEA number with check digit", re.compile(r"(?<![\w\-])[A-Z][A-Z9][0-9]{7}(?![\w\-])"), is_dea),
    Recogniser(
        "licence",
        "NPI with check digit",
        re.compile(r"(?<![\w\-.])[1-9][0-9]{9}(?![\w\-])"),
        is_npi,
        re.compile(r"\bNPI\b"),
    ),
    Recogniser("licence", "driver licence", re.compile(r"(?<![\w\-])[A-Z][0-9]{3}-[0-9]{4}-[0-9]{4}(?![\w\-])")),
    Recogniser(
        "health_plan",
        "Medicare number",
        re.compile(r"(?<![\w\-])[1-9][A-Z][A-Z0-9][0-9][ \-]?[A-Z][A-Z0-9][0-9][ \-]?[A-Z]{2}[0-9]{2}(?![\w\-])"),
    ),
    Recogniser("account", "IBAN", re.compile(r"(?<![\w])[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?!\w)"), is_iban),
    Recogniser("account", "payment card", re.compile(r"(?<![\w\-.])[3-6][0-9]{3}(?:[ \-]?[0-9]{3,6}){2,4}(?![\w\-])"), is_card),
    Recogniser("ssn", "SSN", re.compile(r"(?<![\w\-])[0-9]{3}(?P<s>[ ]?-[ ]?)[0-9]{2}(?P=s)[0-9]{4}(?![\w\-])"), is_ssn),
    Recogniser("ssn", "masked SSN", re.compile(r"(?<![\w\-])[*Xx#]{3}-[*Xx#]{2}-[0-9]{4}(?![\w\-])")),
    Recogniser(
        "ssn",
        "labelled SSN",
        labelled(
            words("SSN", "SS", "S.S.N.", "social security", "social security number", "soc. sec.", "TIN", "ITIN"),
            r"[0-9]{3}[ .\-]?[0-9]{2}[ .\-]?[0-9]{4}(?![\w])|[0-9]{9}(?!\w)",
        ),
        is_ssn,
    ),
    Recogniser("other", "UID", re.compile(r"(?<![\w.])[0-2](?:\.(?:0|[1-9][0-9]*)){5,}(?![\w])"), lambda uid: len(uid) > 20),
    Recogniser("other", "UUID UID", re.compile(r"(?<![\w.])2\.25\.[0-9]{20,39}(?![\w.])")),
    Recogniser("other", "surgical pathology number", re.compile(r"(?<![\w\-.])[A-Z]{1,2}[0-9]{2}-[0-9]{4,6}(?![\w\-])")),
)  # fmt: skip

LABELLED: Final = (
    _by_label(
        "mrn", "labelled MRN", "MRN", "MR #", "M.R.N.", "MRN #", "medical record", "medical record number",
        "med. rec.", "medical rec.", "patient id", "patient no.", "patient number", "patient identifier", "PatientID",
        "pat. id", "pt. id", "PID", "hospital number", "hospital no.", "unit number", "chart", "chart number", "URN",
        "UHID", "NHS number", "NHS", "CRN",
    ),
    _by_label(
        "health_plan", "labelled plan number", "member id", "member number", "member", "membership", "medicare",
        "medicare id", "medicare number", "medicaid", "medicaid id", "medicaid number", "MBI", "HICN", "plan id",
        "health plan", "policy", "policy number", "policy id", "group", "group no.", "group number", "group id",
        "subscriber", "subscriber id", "insurance id", "insurance number", "insurance no.", "beneficiary",
        "beneficiary id", "insured id", "certificate of coverage", "payer id",
    ),
    _by_label(
        "account", "labelled account", "account", "account no.", "account number", "acct.", "acct. no.", "a/c",
        "visit", "visit no.", "visit number", "visit id", "encounter", "encounter id", "encounter number", "CSN", "FIN",
        "HAR", "invoice", "invoice number", "bank account", "guarantor account", "guarantor id", "routing number",
        "card number", "credit card", "admission id", "admission number", "AdmissionID",
    ),
    _by_label(
        "licence", "labelled licence", "NPI", "DEA", "DEA number", "DEA / NPI", "license", "licence", "lic.",
        "driver licence", "driver license", "driver's license", "drivers license", "driver's licence", "license number",
        "DL #", "DL no.", "medical license", "state license", "certificate number", "certificate no.", "certification number",
        "passport", "passport number", "UPIN", "CLIA",
    ),
    _by_label(
        "vehicle", "labelled vehicle", "VIN", "vehicle", "vehicle (VIN)", "vehicle id", "vehicle identification",
        "vehicle identification number", "license plate", "licence plate", "plate", "plate number", "registration plate",
        "tag number",
    ),
    _by_label(
        "device", "labelled device", "serial", "serial number", "serial no.", "S/N", "SN #", "IMEI", "UDI", "device id",
        "device identifier", "device serial", "device serial number", "DeviceSerialNumber", "implant serial",
        "model/serial", "lot", "lot number", "MEID", "IMSI", "generator serial", "lead serial", "asset tag",
    ),
    _by_label(
        "other", "labelled number", "accession", "accession no.", "accession number", "AccessionNumber", "acc.", "ACC #",
        "specimen", "specimen id", "specimen number", "specimen no.", "sample id", "case", "case number", "case no.",
        "claim", "claim no.", "claim number", "claim id", "authorization", "authorization number", "authorisation",
        "prior auth.", "prior authorization", "auth. no.", "rx", "rx number", "rx no.", "rx #", "prescription number",
        "prescription no.", "order", "order number", "order no.", "order id", "requisition", "requisition number",
        "study id", "exam id", "examination id", "reference number", "ref. no.", "reference no.", "confirmation number",
        "employee id", "employee number", "badge number", "student id", "barcode", "file number", "file no.",
        "study instance uid", "series instance uid", "sop instance uid", "trial subject", "subject id",
        "participant id", "ticket",
    ),
)  # fmt: skip
