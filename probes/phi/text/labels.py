"""Recognisers of numbers by the label before them."""

from __future__ import annotations

from typing import Final

from probes.phi.text.checks import has_digits
from probes.phi.text.recogniser import Recogniser, labelled, words

NUMBER: Final = r"[A-Za-z0-9](?:[A-Za-z0-9]|[./_\-]{1,2}(?=[A-Za-z0-9])|-[ ](?=[0-9])){0,40}"
"""A number as forms print it: letters and digits, joined by hyphens, dots and slashes."""
_GROUPED: Final = r"[0-9]{2,5}(?:[ \-][0-9]{2,5}){1,4}(?![\w\-])"


def _by_label(category: str, how: str, *labels: str) -> Recogniser:
    return Recogniser(category, how, labelled(words(*labels), f"{_GROUPED}|{NUMBER}"), has_digits)


_PLATE: Final = r"[A-Z]{1,3}[ \-]?[0-9]{2,4}[A-Z]{0,2}(?!\w)|[0-9]{1,4}[ \-]?[A-Z]{2,3}(?!\w)"
_PLATES = words("license plate", "licence plate", "plate", "plate number", "registration plate", "tag number")

LABELLED: Final = (
    Recogniser("vehicle", "licence plate", labelled(_PLATES, _PLATE), has_digits),
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
        "DL #", "DL no.", "medical license", "state license", "certificate number", "certificate no.",
        "certification number",
        "passport", "passport number", "UPIN", "CLIA",
    ),
    _by_label(
        "vehicle", "labelled vehicle", "VIN", "vehicle", "vehicle (VIN)", "vehicle id", "vehicle identification",
        "vehicle identification number", "license plate", "licence plate", "plate", "plate number",
        "registration plate", "tag number",
    ),
    _by_label(
        "device", "labelled device", "serial", "serial number", "serial no.", "S/N", "SN #", "IMEI", "UDI", "device id",
        "device identifier", "device serial", "device serial number", "DeviceSerialNumber", "implant serial",
        "model/serial", "lot", "lot number", "MEID", "IMSI", "generator serial", "lead serial", "asset tag",
    ),
    _by_label(
        "other", "labelled number", "accession", "accession no.", "accession number", "AccessionNumber", "acc.",
        "ACC #",
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
