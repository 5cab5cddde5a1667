"""What a report says about identifiers that come out: by way of hiding, by category, with the controls in words."""

from reports.leakage.section import Leakage, leakage

__all__ = ["Leakage", "leakage"]
