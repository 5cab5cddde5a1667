"""Documents as a folder: PNG scans, annotations.jsonl, and DICOM files where asked."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import mkdtemp

from audit.core.canonical import canonical
from audit.core.errors import InputError
from audit.data.png import encode_png
from probes.phi.documents.dicom import secondary_capture
from probes.phi.documents.document import Document, document
from probes.phi.documents.look import Look


def write_documents(
    folder: Path, n: int, seed: int = 0, layout: str = "", look: Look | None = None, dicom: bool = False
) -> list[Document]:
    """Write `n` documents into `folder`; returns them.

    `images/ID.png`, `annotations.jsonl` (one row per document: `Document.annotation` and the file names), with `dicom`
    also `dicom/ID.dcm`. The folder is made beside its place and moved there when it is whole. Raises `InputError`
    where `folder` holds files already or cannot be written, for n outside 1 to 1,000,000, and as `document` does.
    """
    if not 1 <= n <= 10**6:
        raise InputError(f"Expected 1 to 1,000,000 documents but got {n}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("The output folder exists and is not empty", path=folder, remedy="name a new folder")
    documents = [document(seed, index, layout, look) for index in range(n)]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise InputError(f"The documents cannot be written: {error.strerror}", path=folder) from error
    try:
        _write(made, documents, dicom)
        made.chmod(0o755)
        made.replace(folder)
    except OSError as error:
        raise InputError(f"The documents cannot be written: {error.strerror}", path=folder) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return documents


def _write(folder: Path, documents: list[Document], dicom: bool) -> None:
    for name in ("images", *(["dicom"] if dicom else [])):
        (folder / name).mkdir()
    with (folder / "annotations.jsonl").open("wb") as file:
        for page in documents:
            files = {"image": f"images/{page.id}.png"} | ({"dicom": f"dicom/{page.id}.dcm"} if dicom else {})
            (folder / files["image"]).write_bytes(encode_png(page.image))
            if dicom:
                secondary_capture(page).save_as(folder / files["dicom"], enforce_file_format=True)
            file.write(canonical(page.annotation() | files) + b"\n")
