"""The request for an imaging examination."""

from __future__ import annotations

from collections.abc import Sequence

from probes.phi.documents.form import Field, Form
from probes.phi.documents.person import pick
from probes.phi.documents.sheet import Part
from probes.phi.documents.story import STORIES


def radiology(form: Form) -> None:
    """Patient and order, the question, a safety check with the implant, transport."""
    v, case, rng = form.v, form.case, form.case.story()
    story = pick(rng, STORIES)
    form.letterhead([["Department of Radiology"]])
    form.title("RADIOLOGY REQUEST")
    form.columns(
        (
            "PATIENT",
            [
                Field("Patient", v("patient")),
                Field("Date of birth", v("dob")),
                Field("Age / sex", [case.printed_age, " / ", case.patient.sex]),
                Field("Address", v("street")),
                Field("City", form.address()),
                Field("Mobile", v("mobile")),
                Field("E-mail", v("email")),
            ],
        ),
        (
            "ORDER",
            [
                Field("MRN", v("mrn")),
                Field("Accession", v("accession")),
                Field("Medicare", v("mbi")),
                Field("Account", v("account")),
                Field("Requested", v("service")),
                Field("Requested by", ["Dr. ", v("referrer")]),
                Field("NPI", v("referrer_npi")),
            ],
        ),
    )
    form.heading("EXAMINATION")
    form.paragraph(f"{story.examination}. Priority: {pick(rng, ('routine', 'urgent', 'stat'))}.")
    form.heading("CLINICAL INFORMATION AND QUESTION")
    form.paragraph(
        f"Presented with {story.reason}. Suspected: {story.diagnosis.lower()}. Please confirm or exclude, and compare "
        "with prior studies."
    )
    form.heading("SAFETY")
    rows: list[Sequence[Part | Sequence[Part]]] = [
        ("Pregnancy", "No", "Not applicable"),
        ("Allergy to contrast media", "No", "None recorded"),
        ("Implant", "Yes", ["UDI ", v("udi")]),
        ("Remote monitor", "Yes", ["IMEI ", v("imei")]),
    ]
    form.table((0.3, 0.12, 0.58), ("Check", "Answer", "Remark"), rows)
    form.columns(
        ("CONTACT", [Field("Next of kin", v("relative")), Field("Phone", v("relative_phone"))]),
        ("ARRIVAL", [Field("Appointment", v("appointment")), Field("Vehicle (VIN)", v("vin"))]),
    )
    form.paragraph(
        ["Report to Dr. ", v("referrer_surname"), ", fax ", v("referrer_fax"), "; images at ", v("portal"), "."]
    )
    form.signature(["Dr. ", v("referrer"), ", on ", v("service")])
    form.footer(["Protocolled by ", v("provider"), ". Order entered from ", v("ip")])
