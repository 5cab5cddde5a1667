"""`medaudit data`: phantom images, documents with invented identifiers, and contact sheets of corruptions."""

from __future__ import annotations

import argparse
from pathlib import Path

from audit.app.commands.flags import positive
from audit.core.errors import InputError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "data", help="make data: phantoms, documents with identifiers, contact sheets of corruptions"
    )
    kinds = parser.add_subparsers(metavar="KIND", required=True)
    phantoms = kinds.add_parser("phantoms", help="phantom images with a manifest and questions")
    phantoms.add_argument("folder", metavar="OUT", help="a new or empty folder")
    phantoms.add_argument("--n", type=positive, default=500, help="how many images (default 500)")
    phantoms.add_argument("--seed", type=int, default=0)
    phantoms.add_argument("--size", type=positive, default=128, help="side in pixels (default 128)")
    phantoms.add_argument("--kind", metavar="NAME", default="", help="one kind alone, such as 'chest radiograph'")
    phantoms.set_defaults(call=write_phantom_folder)
    _add_documents(kinds)
    _add_headers(kinds)
    corrupt = kinds.add_parser("corrupt", help="a contact sheet of corruptions, one per modality")
    corrupt.add_argument("data", metavar="IMAGE_OR_MANIFEST", nargs=1, help="an image, a manifest or a DICOM folder")
    corrupt.add_argument("folder", metavar="OUT", help="the folder to write MODALITY.png to")
    corrupt.add_argument("--modality", metavar="NAME", help="the modality, where no label says it; or only this one")
    corrupt.add_argument("--corruption", metavar="NAME", action="append", help="only these; repeatable")
    corrupt.add_argument("--seed", type=int, default=0)
    corrupt.set_defaults(call=write_contact_sheets)


def _add_documents(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    documents = kinds.add_parser("phi-documents", help="scanned documents with invented identifiers and their boxes")
    documents.add_argument("folder", metavar="OUT", help="a new or empty folder")
    documents.add_argument("--n", type=positive, default=100, help="how many documents (default 100)")
    documents.add_argument("--seed", type=int, default=0)
    documents.add_argument("--layout", metavar="NAME", default="", help="one layout; without it the six take turns")
    documents.add_argument("--dpi", type=positive, default=100, help="resolution, 50 to 300 (default 100)")
    documents.add_argument("--rotation", metavar="DEG", type=float, default=0.5, help="largest tilt (default 0.5)")
    documents.add_argument("--noise", metavar="X", type=float, default=3.0, help="grey levels, sd (default 3)")
    documents.add_argument("--swap-columns", action="store_true", help="left and right columns change places")
    documents.add_argument("--dicom", action="store_true", help="also as DICOM Secondary Capture")
    documents.set_defaults(call=write_document_folder)


def _add_headers(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    headers = kinds.add_parser(
        "phi-headers",
        help="which identifiers DICOM headers hold",
        description="List what the Basic Profile of DICOM PS3.15 would remove from headers, and with --reader which of "
        "it is burned into the pixels. Values are shown as [NAME 1], files by number, unless --show-values is given.",
    )
    headers.add_argument("paths", metavar="PATH", nargs="+", help="DICOM files or folders")
    headers.add_argument("--reader", metavar="SPEC", help="also read the pixels, for example with ocr:rapidocr")
    headers.add_argument("--out", metavar="FILE", help="write every row to FILE.csv or FILE.json")
    headers.add_argument("--show-values", action="store_true", help="show values and file names as they are")
    headers.set_defaults(call=audit_headers)


def write_phantom_folder(given: argparse.Namespace) -> int:
    """Write the phantoms; returns 0."""
    from audit.app.screen import show
    from audit.data.phantoms import write_phantoms

    folder = Path(given.folder)
    write_phantoms(folder, given.n, given.seed, given.size, given.kind)
    show(f"{given.n} phantoms in {folder}; audit them with: medaudit run --data {folder / 'manifest.csv'}")
    return 0


def write_document_folder(given: argparse.Namespace) -> int:
    """Write the documents; returns 0."""
    from audit.app.screen import show
    from probes.phi.documents import Look, write_documents

    folder = Path(given.folder).expanduser()
    look = Look(given.dpi, given.rotation, given.noise, swap_columns=given.swap_columns)
    write_documents(folder, given.n, given.seed, given.layout, look, given.dicom)
    show(f"{given.n} documents in {folder}; what they show and where: {folder / 'annotations.jsonl'}")
    return 0


def audit_headers(given: argparse.Namespace) -> int:
    """Audit headers and print the table; returns 0."""
    from audit.app.header_table import Table
    from audit.app.headers import audited, reader_of, write_private
    from audit.app.screen import show

    reader = reader_of(given.reader)
    out = Path(given.out).expanduser() if given.out else None
    if out is not None and out.suffix.lower() not in (".csv", ".json"):
        raise InputError("Expected a file that ends in .csv or .json", path=out)
    table = Table(tuple(audited([Path(path).expanduser() for path in given.paths], reader)), given.show_values)
    if out is not None:
        write_private(out, table.json() if out.suffix.lower() == ".json" else table.csv())
    show(table.screen(reader is not None))
    return 0


def write_contact_sheets(given: argparse.Namespace) -> int:
    """Draw the contact sheets; returns 0."""
    from audit.app.corrupting import Wanted, write_sheets
    from audit.app.screen import show

    wanted = Wanted(given.modality, tuple(given.corruption or ()), given.seed)
    for file in write_sheets(Path(given.data[0]).expanduser(), Path(given.folder).expanduser(), wanted):
        show(f"written: {file}")
    return 0
