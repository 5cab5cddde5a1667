"""The billing statement: the document of the published study, with a guarantor column."""

from __future__ import annotations

from probes.phi.documents.form import Form
from probes.phi.documents.person import pick
from probes.phi.documents.story import STORIES


def billing(form: Form) -> None:
    """Patient and visit, employer and insurance, services, balance, remittance."""
    v, story = form.v, pick(form.case.story(), STORIES)
    form.letterhead()
    form.title("PATIENT BILLING STATEMENT")
    _grids(form)
    _charges(form, story.services)
    form.paragraph(
        [
            "Pay online at ",
            v("portal"),
            " or by phone at ",
            v("site_phone"),
            ". Questions about this statement: "
            "have your account number ready. Financial assistance is available to those who qualify.",
        ]
    )
    form.footer(["Attending physician: ", v("provider"), ", NPI ", v("npi"), ". Portal last opened from ", v("ip")])


def _grids(form: Form) -> None:
    v = form.v
    form.columns(
        (
            "PATIENT",
            {
                **form.particulars("Name"),
                "Phone": v("phone"),
                "Employer": v("employer"),
            },
        ),
        (
            "ACCOUNT",
            {
                "SSN": v("ssn"),
                "MRN": v("mrn"),
                "E-mail": v("email"),
                "Account no.": v("account"),
                "Statement date": v("statement"),
                "Due in 30 days": v("due"),
            },
        ),
    )
    form.columns(
        (
            "INSURANCE",
            {
                "Member ID": v("member_id"),
                "Group no.": v("group"),
                "Claim no.": v("claim"),
                "Service date": v("service"),
            },
        ),
        (
            "ACCIDENT / AUTO COVERAGE",
            {
                "Accident date": v("accident"),
                "Vehicle (VIN)": v("vin"),
                "Driver licence": v("driver_licence"),
                "Prior auth.": v("authorization"),
            },
        ),
    )


def _charges(form: Form, services: tuple[tuple[str, str, float], ...]) -> None:
    day = form.v("service")
    form.table(
        (0.2, 0.11, 0.51, 0.18),
        ("Date", "Code", "Service", "Amount"),
        [(day, code, text, f"${dollars:,.2f}") for code, text, dollars in services],
        right=1,
    )
    total = sum(dollars for _, _, dollars in services)
    paid = round(total * 0.8, 2)
    for label, amount in (("Total charges", total), ("Insurance payments", -paid), ("AMOUNT DUE", total - paid)):
        bold, right = label.isupper(), form.sheet.width - 49
        form.sheet.text(right - 100, form.y, label, form.size, bold, align="right")
        form.sheet.text(right, form.y, f"${amount:,.2f}".replace("$-", "-$"), form.size, bold, align="right")
        form.y += 17
    form.y += 16
