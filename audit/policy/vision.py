"""Whether a set of questions tests vision: what a model scores with its images, against what it scores without."""

from __future__ import annotations

from dataclasses import replace

from audit.policy.context import Context
from audit.policy.draft import Draft
from audit.policy.words import amount

SEES_NOTHING = frozenset({"blind", "neutral"})


def with_vision_words(context: Context, control: str, draft: Draft) -> Draft:
    """The comparison with a control that sees nothing, with what it says about the questions: only where the interval
    of score less control lies wholly above the margin do they test vision."""
    finding = draft.finding
    blind = control.rpartition("+")[2] in SEES_NOTHING
    if not (context.measure.needs_vision and blind) or finding.ci_low is None or finding.ci_high is None:
        return draft
    margin = context.policy.margin(finding.metric)
    size = amount(margin, share=draft.share)
    if finding.ci_low > margin:
        said, tags = f" The questions test vision: the images are worth more than the margin of {size}.", {}
    else:
        how = "shown" if finding.ci_high < margin else "within what chance allows"
        said = (
            f" This set does not test vision: without the images the score is within the margin of {size} ({how}), so"
            " nothing that follows from it is about images."
        )
        tags = {"reached": "yes"}
    return replace(
        draft, finding=replace(finding, plain_words=finding.plain_words + said, tags={**finding.tags, **tags})
    )
