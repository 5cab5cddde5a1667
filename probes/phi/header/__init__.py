"""Identifiers in DICOM headers: what PS3.15 would remove, and which of it stands in the pixels too."""

from probes.phi.header.audit import audit_header
from probes.phi.header.cross import Seen, cross_check
from probes.phi.header.report import Found, HeaderReport

__all__ = ["Found", "HeaderReport", "Seen", "audit_header", "cross_check"]
