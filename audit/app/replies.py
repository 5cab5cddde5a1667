"""Replies: what one model said to one probe."""

from __future__ import annotations

from dataclasses import dataclass

from audit.core.answer import STATUSES, Answer
from audit.core.item import Request
from audit.core.observation import ModelRole
from audit.core.redact import redact


@dataclass(frozen=True)
class Replies:
    """What one model said to one probe: an answer per request, None where it was not assessed.

    `lacking` are conditions for which a lookup has nothing, `missing` ids that its file lacks. `unmatched` are ids of
    the file that match no item of any probe: told once, with the first probe. `again` is what was said to the requests
    that were asked a second time, `prompted` to those in other prompt formats; None where nothing was.
    """

    role: ModelRole
    probe: str
    requests: tuple[Request, ...]
    answers: tuple[Answer | None, ...]
    n_calls: int = 0
    n_stored: int = 0
    lacking: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    again: Replies | None = None
    prompted: Replies | None = None

    @property
    def n_errors(self) -> int:
        """Requests that were asked, the second time and in other formats too, and have no answer."""
        own = sum(answer is not None and answer.status == "error" for answer in self.answers)
        return own + sum(more.n_errors for more in (self.again, self.prompted) if more is not None)

    @property
    def statuses(self) -> dict[str, int]:
        """How many answers have each status."""
        given = [answer.status for answer in self.answers if answer is not None]
        return {status: given.count(status) for status in STATUSES}


def spoken(answer: Answer) -> str:
    """What a report shows as said: the text, or why there is none."""
    return answer.text or (f"(no answer: {redact(answer.detail)})" if answer.status == "error" else "")
