"""The request for an imaging examination."""

from __future__ import annotations

from collections.abc import Sequence

from probes.phi.documents.form import Form
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
            {
                "Patient": v("patient"),
                "Date of birth": v("dob"),
                "Age / sex": [case.printed_age, " / ", case.patient.sex],
                "Address": v("street"),
                "City": form.address(),
                "Mobile": v("mobile"),
                "E-mail": v("email"),
            },
        ),
        (
            "ORDER",
            {
                "MRN": v("mrn"),
                "Accession": v("accession"),
                "Medicare": v("mbi"),
                "Account": v("account"),
                "Requested": v("service"),
                "Requested by": ["Dr. ", v("referrer")],
                "NPI": v("referrer_npi"),
            },
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
        ("CONTACT", {"Next of kin": v("relative"), "Phone": v("relative_phone")}),
        ("ARRIVAL", {"Appointment": v("appointment"), "Vehicle (VIN)": v("vin")}),
    )
    form.paragraph(
        ["Report to Dr. ", v("referrer_surname"), ", fax ", v("referrer_fax"), "; images at ", v("portal"), "."]
    )
    form.signature(["Dr. ", v("referrer"), ", on ", v("service")])
    form.footer(["Protocolled by ", v("provider"), ". Order entered from ", v("ip")])
