"""The laboratory report."""

from __future__ import annotations

import numpy as np

from probes.phi.documents.form import Form
from probes.phi.documents.story import ANALYTES


def lab(form: Form) -> None:
    """Patient and specimen, a table of results with flags, a comment, who signed."""
    v = form.v
    form.letterhead([["CLIA laboratory, accredited"]])
    form.title("LABORATORY REPORT")
    form.columns(
        (
            "PATIENT",
            {
                "Patient": v("patient"),
                "Date of birth": v("dob"),
                "Age / sex": [form.case.printed_age, " / ", form.case.patient.sex],
                "MRN": v("mrn"),
                "Member ID": v("member_id"),
                "Phone": v("mobile"),
            },
        ),
        (
            "SPECIMEN",
            {
                "Accession": v("accession"),
                "Specimen": v("specimen"),
                "Collected": v("collected"),
                "Reported": v("reported"),
                "Ordered by": ["Dr. ", v("referrer")],
                "NPI": v("referrer_npi"),
            },
        ),
    )
    form.table(
        (0.3, 0.15, 0.1, 0.2, 0.25), ("Test", "Result", "Flag", "Unit", "Reference"), _results(form.case.story())
    )
    form.heading("COMMENT")
    form.paragraph(
        [
            "Results were telephoned to the office of Dr. ",
            v("referrer_surname"),
            " and faxed to ",
            v("referrer_fax"),
            ". Slightly haemolysed specimen; potassium may be raised. Repeat if clinically indicated.",
        ]
    )
    form.paragraph(
        ["The patient was notified by e-mail at ", v("email"), " and can read the results at ", v("portal"), "."]
    )
    form.signature(["Reviewed by ", v("provider"), ", MD, Pathology"])
    form.footer(["Visit ", v("visit"), ". Printed from workstation ", v("ip"), " on ", v("reported")])


def _results(rng: np.random.Generator) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, low, high, decimals, unit, reference in ANALYTES:
        value = round(float(rng.uniform(low, high)), decimals)
        least, most = (float(bound) for bound in reference.split(" - "))
        flag = "L" if value < least else "H" if value > most else ""
        rows.append((name, f"{value:.{decimals}f}", flag, unit, reference))
    return rows
