"""The one place where secrets are taken out of text that is shown or stored."""

from __future__ import annotations

import re
from pathlib import Path

_CREDENTIALS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/@\s]+@", re.IGNORECASE)
_PARAMETER = re.compile(
    r"(?P<name>\b(?:api[_-]?key|access[_-]?token|token|password|passwd|secret|sig|signature)=)[^&\s\"']+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"(?P<name>\b(?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_KEY = re.compile(r"\b(?:sk|hf|pk|ghp|gsk|xai)[-_][A-Za-z0-9_-]{12,}")


def redact(text: str) -> str:
    """`text` without credentials in URLs, secret parameters, bearer tokens, API keys and the home folder's name."""
    text = _CREDENTIALS.sub(r"\g<scheme>", text)
    text = _PARAMETER.sub(r"\g<name>[redacted]", text)
    text = _BEARER.sub(r"\g<name>[redacted]", text)
    text = _KEY.sub("[redacted]", text)
    home = str(Path.home())
    return text.replace(home + "/", "~/") if len(home) > 1 else text
