"""The billing statement: the document of the published study, with a guarantor column."""

from __future__ import annotations

from probes.phi.documents.form import Field, Form
from probes.phi.documents.person import pick
from probes.phi.documents.story import STORIES


def billing(form: Form) -> None:
    """Patient and visit, employer and insurance, services, balance, remittance."""
    v, story = form.v, pick(form.case.story(), STORIES)
    form.letterhead()
    form.title("PATIENT BILLING STATEMENT")
    form.columns(
        (
            "PATIENT",
            [
                Field("Name", v("patient")),
                Field("Date of birth", v("dob")),
                Field("Address", v("street")),
                Field("City", form.address()),
                Field("Phone", v("phone")),
                Field("Employer", v("employer")),
            ],
        ),
        (
            "ACCOUNT",
            [
                Field("SSN", v("ssn")),
                Field("MRN", v("mrn")),
                Field("E-mail", v("email")),
                Field("Account no.", v("account")),
                Field("Statement date", v("statement")),
                Field("Due in 30 days", v("due")),
            ],
        ),
    )
    form.columns(
        (
            "INSURANCE",
            [
                Field("Member ID", v("member_id")),
                Field("Group no.", v("group")),
                Field("Claim no.", v("claim")),
                Field("Service date", v("service")),
            ],
        ),
        (
            "ACCIDENT / AUTO COVERAGE",
            [
                Field("Accident date", v("accident")),
                Field("Vehicle (VIN)", v("vin")),
                Field("Driver licence", v("driver_licence")),
                Field("Prior auth.", v("authorization")),
            ],
        ),
    )
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
