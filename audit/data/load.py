"""The one way in: a path to a data set, whatever kind of data it names."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.data.options import CT_WINDOWS, KEYS, LoadOptions

__all__ = ["CT_WINDOWS", "KEYS", "LoadOptions", "load"]

MANIFEST = "manifest.csv"
ACCEPTED = (
    "a manifest CSV or a folder with manifest.csv, a DICOM file or folder, the official MedObvious folder with "
    "all_tasks.jsonl, a MediConfusion dataset.json beside its images, or a file of questions (JSON, JSONL, CSV)"
)


def load(path: Path, options: LoadOptions | None = None) -> Dataset:
    """Read the data that `path` names; its kind is told by content.

    A `.csv` is a manifest; `all_tasks.jsonl`, or a folder that holds it (or a `benchmark_refined` that does), is
    MedObvious; a `.json`, or a folder with `dataset.json`, is MediConfusion or pairs mined in its schema; a folder with
    `manifest.csv` is that manifest; a list of questions in JSON, JSON lines or CSV, or a folder of VQA-RAD, SLAKE, OVQA
    or MIMIC-CXR-VQA, is questions; a DICOM file, or a folder with at least one, is DICOM.
    Raises `InputError` for anything else, and for what the readers cannot use.
    """
    options = options or LoadOptions()
    with warnings.catch_warnings():
        # what these libraries remark on a damaged or unusual file, we list as a problem or read all the same
        warnings.filterwarnings("ignore", module=r"(pydicom|PIL|nibabel|pylibjpeg|openjpeg|libjpeg)\b")
        return _load(path, options)


def _load(path: Path, options: LoadOptions) -> Dataset:  # noqa: PLR0911  one return for each kind
    try:
        if not path.exists():
            raise InputError("there is no such file or folder", path=path, remedy=f"give {ACCEPTED}")
        from audit.data.vqa import load_vqa, vqa_file

        questions = vqa_file(path) if path.is_file() else None
        if questions is not None:
            return load_vqa(questions, options)
        if path.suffix.lower() == ".csv" and path.is_file():
            return _manifest(path, options)
        from audit.data.medobvious import load_medobvious, tasks_file

        tasks = tasks_file(path)
        if tasks is not None:
            return load_medobvious(tasks, options)
        if (path / MANIFEST).is_file():
            return _manifest(path / MANIFEST, options)
        from audit.data.mediconfusion import load_mediconfusion, pairs_file

        pairs = pairs_file(path)
        if pairs is not None:
            return load_mediconfusion(pairs, options)
        questions = vqa_file(path)
        if questions is not None:
            return load_vqa(questions, options)
        if _holds_dicom(path):
            from audit.data.dicom import load_dicom

            return load_dicom(path, options)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", path=path) from error
    except ValueError as error:
        raise InputError(f"is no path: {error}", path=repr(str(path))[:100]) from error
    what = "is a folder without DICOM files or a manifest" if path.is_dir() else "is no kind of data that is known"
    raise InputError(what, path=path, remedy=f"give {ACCEPTED}")


def _manifest(path: Path, options: LoadOptions) -> Dataset:
    from audit.data.manifest import load_manifest

    return load_manifest(path, options)


def _holds_dicom(path: Path) -> bool:
    from audit.data.dicom_header import is_dicom

    if path.is_file():
        return is_dicom(path) or path.suffix.lower() in {".dcm", ".dicom", ".ima"}
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in (Path(folder) / name for name in sorted(names)):
            if file.suffix.lower() in {".dcm", ".dicom", ".ima"} or (file.is_file() and is_dicom(file)):
                return True
    return False
