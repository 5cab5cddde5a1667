"""Identifiers in text: where they stand, and the text without them."""

from probes.phi.text.identify import identify
from probes.phi.text.redact import redact
from probes.phi.text.span import Span

__all__ = ["Span", "identify", "redact"]
