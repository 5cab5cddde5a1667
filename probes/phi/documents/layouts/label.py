"""The prescription label with its leaflet: half a page."""

from __future__ import annotations

from probes.phi.documents.form import Form
from probes.phi.documents.person import pick
from probes.phi.documents.story import STORIES


def label(form: Form) -> None:
    """Pharmacy, patient, prescriber with DEA number, drug and directions, dates."""
    v, story = form.v, pick(form.case.story(), STORIES)
    form.letterhead()
    form.title(f"Rx  {story.drug}", 12)
    form.paragraph(story.directions, gap=6, size=form.size + 2)
    form.columns(
        (
            "PATIENT",
            {
                **form.particulars("Patient"),
                "Phone": v("phone"),
                "Plan ID": v("member_id"),
            },
        ),
        (
            "PRESCRIPTION",
            {
                "Rx number": v("rx"),
                "Filled": v("filled"),
                "Discard (1 y)": v("discard"),
                "Quantity": f"{story.count} tablets, {form.case.index % 4} refills",
                "Prescriber": ["Dr. ", v("provider")],
                "DEA / NPI": [v("dea"), " / ", v("npi")],
            },
        ),
    )
    form.paragraph(
        "May cause drowsiness. Do not drink alcohol. Keep out of the reach of children. Federal law prohibits the "
        "transfer of this drug to any person other than the patient.",
        size=form.size - 1,
    )
    form.footer(["MRN ", v("mrn"), ". Refills: ", v("portal"), " or ", v("site_phone")])
