"""Documents as a folder: PNG scans, annotations.jsonl, and DICOM files where asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from audit.core.canonical import canonical
from audit.core.errors import InputError
from audit.data.png import encode_png
from probes.phi.documents.dicom import secondary_capture
from probes.phi.documents.document import Document, document
from probes.phi.documents.look import Look


def write_documents(
    folder: Path, n: int, seed: int = 0, layout: str = "", look: Look | None = None, dicom: bool = False
) -> None:
    """Write `n` documents into `folder`; one page is in memory at a time.

    `images/ID.png`, `annotations.jsonl` (one row per document: `Document.annotation` and the file names), with `dicom`
    also `dicom/ID.dcm`. Files are moved to their place when all of them are whole. Raises `InputError`
    where `folder` holds files already or cannot be written, for n outside 1 to 1,000,000, and as `document` does.
    """
    if not 1 <= n <= 10**6:
        raise InputError(f"Expected 1 to 1,000,000 documents but got {n}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("The output folder exists and is not empty", path=folder, remedy="name a new folder")
    document(seed, 0, layout, look)  # what cannot be drawn is refused before a folder is made
    documents = (document(seed, index, layout, look) for index in range(n))
    fresh, done = not folder.exists(), False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".unfinished-", dir=folder) as made:
            _write(Path(made), documents, dicom)
            for part in sorted(Path(made).iterdir(), reverse=True):  # the annotations last
                part.replace(folder / part.name)
        done = True
    except OSError as error:
        raise InputError(f"The documents cannot be written: {error.strerror}", path=folder) from error
    finally:
        if fresh and not done:
            shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, documents: Iterable[Document], dicom: bool) -> None:
    for name in ("images", *(["dicom"] if dicom else [])):
        (folder / name).mkdir()
    with (folder / "annotations.jsonl").open("wb") as file:
        for page in documents:
            files = {"image": f"images/{page.id}.png"} | ({"dicom": f"dicom/{page.id}.dcm"} if dicom else {})
            (folder / files["image"]).write_bytes(encode_png(page.image))
            if dicom:
                secondary_capture(page).save_as(folder / files["dicom"], enforce_file_format=True)
            file.write(canonical(page.annotation() | files) + b"\n")
