"""The discharge summary."""

from __future__ import annotations

from probes.phi.documents.form import Form
from probes.phi.documents.person import pick
from probes.phi.documents.story import STORIES


def discharge(form: Form) -> None:
    """Patient and stay, the course in prose, the implanted device, medication, follow-up."""
    v = form.v
    form.letterhead()
    form.title("DISCHARGE SUMMARY")
    _grids(form)
    _course(form)
    form.signature([v("provider"), ", MD, signed on ", v("discharged")])
    form.footer(["Confidential patient information. Signed electronically from ", v("ip")])


def _grids(form: Form) -> None:
    v, days = form.v, form.case.days
    form.columns(
        (
            "PATIENT",
            {
                "Name": v("patient"),
                "Date of birth": v("dob"),
                "MRN": v("mrn"),
                "Medicare": v("mbi"),
                "Address": [v("street"), ", ", *form.address()],
                "Phone": v("phone"),
            },
        ),
        (
            "STAY",
            {
                "Admitted": v("admitted"),
                "Discharged": v("discharged"),
                "Length of stay": f"{(days['discharged'] - days['admitted']).days} days",
                "Visit no.": v("visit"),
                "Attending": [v("provider"), ", MD"],
                "Next of kin": v("relative"),
                "Kin's phone": v("relative_phone"),
            },
        ),
    )


def _course(form: Form) -> None:
    v, case, story = form.v, form.case, pick(form.case.story(), STORIES)
    woman = case.patient.sex == "F"
    title = "Ms." if woman else "Mr."
    form.heading("DIAGNOSIS")
    form.paragraph(f"{story.diagnosis} (ICD-10-CM {story.icd})")
    form.heading("HOSPITAL COURSE")
    form.paragraph(
        [
            f"{title} ",
            v("patient_surname"),
            f", {case.article} ",
            case.printed_age,
            f"-year-old {'woman' if woman else 'man'} from ",
            v("city"),
            ", presented on ",
            v("admitted"),
            f" with {story.reason}. {story.course}",
        ]
    )
    form.heading("DEVICES")
    form.paragraph(["Loop recorder, UDI ", v("udi"), ". Home transmitter, IMEI ", v("imei"), "; paired and tested."])
    form.heading("MEDICATION AT DISCHARGE")
    form.paragraph(f"{story.drug.capitalize()}: {story.directions.lower()}. No known drug allergies.")
    form.heading("FOLLOW-UP")
    form.paragraph(
        [
            "Seen again on ",
            v("appointment"),
            " by Dr. ",
            v("referrer"),
            ", who receives this summary by fax at ",
            v("referrer_fax"),
            f". {title} ",
            v("patient_surname"),
            " was given written instructions, and a copy at ",
            v("portal"),
            ".",
        ]
    )
