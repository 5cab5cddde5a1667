"""The referral letter."""

from __future__ import annotations

from probes.phi.documents.form import Field, Form
from probes.phi.documents.person import pick
from probes.phi.documents.story import STORIES


def referral(form: Form) -> None:
    """Who refers whom to whom, the patient's particulars, a letter."""
    v, case, story = form.v, form.case, pick(form.case.story(), STORIES)
    woman = case.patient.sex == "F"
    title, she = ("Ms.", "she") if woman else ("Mr.", "he")
    form.letterhead()
    form.title("REFERRAL TO SPECIALIST CARE")
    form.columns(
        (
            "REFERRED BY",
            [
                Field("Physician", [v("provider"), ", MD"]),
                Field("NPI", v("npi")),
                Field("Date", v("service")),
                Field("Authorization", v("authorization")),
            ],
        ),
        (
            "REFERRED TO",
            [
                Field("Physician", [v("referrer"), ", MD"]),
                Field("NPI", v("referrer_npi")),
                Field("Fax", v("referrer_fax")),
                Field("Appointment", v("appointment")),
            ],
        ),
    )
    form.columns(
        (
            "PATIENT",
            [
                Field("Name", v("patient")),
                Field("Date of birth", v("dob")),
                Field("Address", v("street")),
                Field("City", form.address()),
                Field("Home phone", v("phone")),
                Field("Mobile", v("mobile")),
            ],
        ),
        (
            "COVERAGE",
            [
                Field("MRN", v("mrn")),
                Field("SSN", v("ssn")),
                Field("Member ID", v("member_id")),
                Field("Group no.", v("group")),
                Field("E-mail", v("email")),
                Field("Driver licence", v("driver_licence")),
            ],
        ),
    )
    form.paragraph(["Dear Dr. ", v("referrer_surname"), ","])
    form.paragraph(
        [
            f"Thank you for seeing {title} ",
            v("patient_spoken"),
            " (MRN ",
            v("mrn"),
            f"), {case.article} ",
            case.printed_age,
            f"-year-old {'woman' if woman else 'man'} who {'works' if case.age < 67 else 'worked'} at ",
            v("employer"),
            " and lives in ",
            v("city"),
            ". On ",
            v("service"),
            f" {she} came to us with {story.reason}. {story.course}",
        ]
    )
    form.paragraph(
        [
            f"Working diagnosis: {story.diagnosis} ({story.icd}). Please advise on further care. In an emergency, ",
            v("relative"),
            " can be reached at ",
            v("relative_phone"),
            ".",
        ]
    )
    form.paragraph(["Images are at ", v("portal"), ". I am glad to answer questions at ", v("site_phone"), "."])
    form.paragraph("With kind regards,", gap=16)
    form.signature([v("provider"), ", MD"])
    form.footer(["Sent by ", v("institution"), ", fax ", v("site_fax"), ", from ", v("ip")])
