"""An answer: what a model said, and whether it could be asked at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Status = Literal["ok", "refused", "truncated", "unparsed", "error"]
STATUSES: tuple[Status, ...] = get_args(Status)

ANSWERS_SCHEMA = "medaudit.answers/1"


@dataclass(frozen=True)
class Answer:
    """What came back for one query.

    `option_logprobs` maps option labels to log-probabilities: for `choose` normalised over the options that
    are present, for `likelihood` the sum over the option's tokens, whose number is in `option_tokens` and whose
    log-probability without the images and the question is in `option_priors`. An option that a server did not
    return is missing, never minus infinity. `reasoning` is what stood in the model's think block, apart from
    `text`. `opinion` is what a judge model said about this answer, None where none was asked; it is attached after
    asking and never stored with the answer. `notes` name what a statistician should know ("letter_split",
    "truncated_logprobs").
    `status` is `error` when no answer came (then `detail` says why); that is missing data, never a wrong answer.
    """

    text: str = ""
    status: Status = "ok"
    option_logprobs: Mapping[str, float] = field(default_factory=dict)
    option_tokens: Mapping[str, int] = field(default_factory=dict)
    option_priors: Mapping[str, float] = field(default_factory=dict)
    reasoning: str = ""
    opinion: str | None = None
    notes: tuple[str, ...] = ()
    detail: str = ""
    prompt_tokens: int | None = None
    new_tokens: int | None = None

    @property
    def chosen(self) -> str | None:
        """The label of the likeliest option (the first on ties), or None without log-probabilities."""
        return max(self.option_logprobs, key=self.option_logprobs.__getitem__) if self.option_logprobs else None

    @classmethod
    def failed(cls, why: str) -> Answer:
        """The query could not be answered: missing data, to be asked again on resume."""
        return cls(status="error", detail=why)
