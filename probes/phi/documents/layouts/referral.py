"""The referral letter."""

from __future__ import annotations

from probes.phi.documents.form import Form
from probes.phi.documents.person import pick
from probes.phi.documents.story import STORIES


def referral(form: Form) -> None:
    """Who refers whom to whom, the patient's particulars, a letter."""
    v = form.v
    form.letterhead()
    form.title("REFERRAL TO SPECIALIST CARE")
    _grids(form)
    _letter(form)
    form.paragraph("With kind regards,", gap=16)
    form.signature([v("provider"), ", MD"])
    form.footer(["Sent by ", v("institution"), ", fax ", v("site_fax"), ", from ", v("ip")])


def _grids(form: Form) -> None:
    v = form.v
    form.columns(
        (
            "REFERRED BY",
            {
                "Physician": [v("provider"), ", MD"],
                "NPI": v("npi"),
                "Date": v("service"),
                "Authorization": v("authorization"),
            },
        ),
        (
            "REFERRED TO",
            {
                "Physician": [v("referrer"), ", MD"],
                "NPI": v("referrer_npi"),
                "Fax": v("referrer_fax"),
                "Appointment": v("appointment"),
            },
        ),
    )
    form.columns(
        (
            "PATIENT",
            {
                **form.particulars("Name"),
                "Home phone": v("phone"),
                "Mobile": v("mobile"),
            },
        ),
        (
            "COVERAGE",
            {
                "MRN": v("mrn"),
                "SSN": v("ssn"),
                "Member ID": v("member_id"),
                "Group no.": v("group"),
                "E-mail": v("email"),
                "Driver licence": v("driver_licence"),
            },
        ),
    )


def _letter(form: Form) -> None:
    v, case, story = form.v, form.case, pick(form.case.story(), STORIES)
    woman = case.patient.sex == "F"
    title, she = ("Ms.", "she") if woman else ("Mr.", "he")
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
