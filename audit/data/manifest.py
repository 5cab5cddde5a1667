"""Manifests: a CSV that names images and says what they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from audit.core.dataset import Dataset
from audit.core.errors import InputError
from audit.core.image import Image
from audit.data.assemble import assemble
from audit.data.columns import Columns, columns_of, identity_of
from audit.data.contradictions import against_header, without_doubted
from audit.data.csvtable import Table, read_table
from audit.data.entry import Entry
from audit.data.files import open_image
from audit.data.options import LoadOptions
from audit.data.paths import inside

REQUIRED = ("path", "modality", "anatomy", "view", "finding")
_DICOM = frozenset({".dcm", ".dicom", ".ima", ""})


def load_manifest(path: Path, options: LoadOptions) -> Dataset:
    """Read a manifest: one image per row, paths relative to its folder, cells of the required columns may be empty.

    PNG, JPEG, TIFF, DICOM (the frame in the middle; what the row leaves empty is taken from the header) and NIfTI
    (the axial slice in the middle). A missing or damaged image is listed as unusable; anything wrong with the table
    itself, and a path that leaves the folder, raises `InputError` with the row.
    """
    if options.labels is not None:
        raise InputError(
            "labels to join are for DICOM folders", path=options.labels, remedy="put them into the manifest's columns"
        )
    table = read_table(path, REQUIRED)
    columns = columns_of(table, key="path")
    reader = _Reader(table, columns, options)
    entries = [reader.entry(number, cells) for number, cells in table.rows]
    return assemble(
        entries,
        name=options.name or path.resolve().parent.name or "manifest",
        source=str(path),
        rules=reader.rules(),
        problems=columns.problems,
    )


@dataclass
class _Reader:
    """Reads rows; each file is opened once, however many rows name it."""

    table: Table
    columns: Columns
    options: LoadOptions
    opened: dict[Path, Entry] = field(default_factory=dict)

    def entry(self, number: int, cells: Mapping[str, str]) -> Entry:
        file = self._file(number, cells["path"])
        found = self.opened.get(file)
        if found is None:
            found = self.opened[file] = self._read(file, cells)
        report_place = f"row {number}"
        place = f"{self.table.path}, {report_place} ({cells['path'][:200]})"
        labels = self.columns.labels_of(cells)
        named = identity_of(cells)
        header = found.identity
        problems = [*found.problems, *against_header(labels, found.labels, "the row says")]
        return replace(
            found,
            place=place,
            report_place=report_place,
            labels=without_doubted({**found.labels, **labels}, found.doubted),
            identity=replace(
                named,
                patient=named.patient or header.patient,
                study=named.study or header.study,
                site=named.site or header.site,
            ),
            questions=self.columns.questions_of(cells),
            problems=tuple(replace(problem, place=place, report_place=report_place) for problem in problems),
            file=str(file),
        )

    def _file(self, number: int, named: str) -> Path:
        if not named:
            raise InputError("the path is empty", path=self.table.path, row=number)
        try:
            file = inside(self.table.path.parent, named)
        except (OSError, ValueError) as error:
            raise InputError(f"not a path: {named[:80]!r}", path=self.table.path, row=number) from error
        if file is None:
            raise InputError(
                f"the path {named[:200]!r} leaves the folder of the manifest",
                path=self.table.path,
                row=number,
                remedy="images lie in the manifest's folder or below it",
            )
        return file

    def _read(self, file: Path, cells: Mapping[str, str]) -> Entry:
        blank = Entry(place="", report_place="")
        try:
            if file.name.lower().endswith((".nii", ".nii.gz")):
                return replace(blank, image=self._volume(file, cells))
            if file.suffix.lower() in _DICOM:
                from audit.data.dicom import read_one

                return read_one(file, self.options)
            return replace(blank, image=open_image(file, self.options.max_pixels))
        except InputError as error:
            return replace(blank, reason=error.problem)

    def _volume(self, file: Path, cells: Mapping[str, str]) -> Image:
        from audit.data.nifti import open_nifti

        is_ct = self.columns.labels_of({**dict.fromkeys(self.columns.labels, ""), **cells}).get("modality") == "CT"
        return open_nifti(file, self.options.max_pixels, self.options.window_width_level if is_ct else None)

    def rules(self) -> list[str]:
        """What was decided for volumes and DICOM files among the rows."""
        from audit.data.dicom_pixels import pixel_rule

        names = [file.name.lower() for file in self.opened]
        rules = ["One image per row of the manifest; labels are brought to one spelling."]
        if any(Path(name).suffix in _DICOM for name in names):
            rules += ["Of a DICOM file with several frames the one in the middle is shown.", pixel_rule(self.options)]
        if any(name.endswith((".nii", ".nii.gz")) for name in names):
            rules.append("Of a NIfTI volume the axial slice in the middle is shown, the patient's right on the left.")
        return rules
