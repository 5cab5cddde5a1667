"""The shape of a digest (`medaudit.digest/1`): plain JSON, described by types that are also checked at run time."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from audit.core.answer import Status
from audit.core.finding import Comparison, FindingRole, Verdict
from audit.core.measure import Direction
from audit.core.observation import Outcome, Scoring

DIGEST_SCHEMA = "medaudit.digest/1"

Unit = Literal["share", "number"]
RunVerdict = Literal["pass", "fail", "inconclusive", "incomplete", "info"]
ProbeStatus = Literal["assessed", "not_assessed", "not_built"]


class PolicyPart(TypedDict):
    """The policy: its hash, its text, and whether it stood before the first answer."""

    sha256: str
    fixed_before_run: bool
    text: str


class ModelPart(TypedDict):
    """One model: `role` is "model" or "base", `fingerprint` plain data."""

    role: str
    spec: str
    fingerprint: dict[str, Any]
    capabilities: list[str]


class ProblemPart(TypedDict):
    """Something wrong with one input; `report_place` holds no path and no identifier."""

    kind: str
    report_place: str
    reason: str


class DataPart(TypedDict):
    """One data set. `counts` maps a label's name (modality, view, ...) to how often each of its values occurs."""

    name: str
    kind: str
    n_records: int
    n_unusable: int
    n_clusters: int
    sha256: str
    rules: list[str]
    has_patients: bool
    counts: dict[str, dict[str, int]]
    problems: list[ProblemPart]


class RunPart(TypedDict):
    """The run. `sentence` is the verdict in words and `reasons` what led to it; `alpha` is the policy's one-sided level
    for primary endpoints, `fdr` its false discovery rate for exploratory findings; `differences` say what besides the
    weights differs between model and base; `seed` is the run's only seed.
    """

    title: str
    verdict: RunVerdict
    exit_code: int
    sentence: str
    reasons: list[str]
    created: str
    command: str
    suite: str | None
    seed: int
    alpha: float
    fdr: float
    policy: PolicyPart
    versions: dict[str, str]
    models: list[ModelPart]
    differences: list[str]
    data: list[DataPart]


class ControlPart(TypedDict):
    """A control and the reason for it."""

    name: str
    why: str


class ProbePart(TypedDict):
    """One probe. `question` says in a sentence what it asks; `reason` why it was not assessed ("" where it was).
    `statuses` and `outcomes` count clean answers by model role; `n_failed` is the number of items of which the gallery
    shows some, None where that is not known."""

    name: str
    title: str
    question: str
    status: ProbeStatus
    reason: str
    notes: list[str]
    skipped: list[str]
    controls: list[ControlPart]
    n_items: int
    n_requests: int
    statuses: dict[str, dict[str, int]]
    outcomes: dict[str, dict[str, int]]
    n_failed: int | None


class UnitPart(TypedDict, total=False):
    """The unit of a finding, added when it is shown."""

    unit: Unit


class FindingPart(UnitPart):
    """A finding as `audit.core.finding.Finding.plain` gives it."""

    id: str
    probe: str
    title: str
    plain_words: str
    metric: str
    scoring: Scoring
    model: str | None
    base: str | None
    comparison: Comparison
    estimate: float | None
    ci_level: float | None
    ci_low: float | None
    ci_high: float | None
    ci_method: str | None
    ci_low_adjusted: float | None
    ci_high_adjusted: float | None
    p: float | None
    p_adjusted: float | None
    family: str | None
    role: FindingRole
    direction: Direction
    null: float | None
    margin: float | None
    equivalence: str | None
    mde: float | None
    n_items: int
    n_clusters: int
    n_unjudged: int
    threshold: float | None
    verdict: Verdict
    item_ids: list[str]
    tags: dict[str, str]


class Option(TypedDict):
    """One way to answer."""

    label: str
    text: str


class ReplyPart(TypedDict):
    """One model's answer: text (cut), its full length in characters, the answer as read, and what it was worth."""

    text: str
    length: int
    reading: str | None
    outcome: Outcome
    status: Status


class ItemPart(TypedDict):
    """A question as a report tells it, under a condition."""

    item: str
    condition: str
    question: str
    options: list[Option]
    gold: str
    tags: dict[str, str]


class GalleryPart(ItemPart):
    """One item that a model failed; `images` are keys of `Digest.images`."""

    probe: str
    images: list[str]
    caption: str
    answers: dict[str, ReplyPart]


class BothReplies(TypedDict):
    """One model's answers to the clean picture and to the other."""

    before: ReplyPart
    after: ReplyPart


class ChangePart(ItemPart):
    """A question whose answer changed with the picture alone; `before` and `after` are keys of `Digest.images`."""

    before: list[str]
    after: list[str]
    answers: dict[str, BothReplies]


class ChangesPart(TypedDict):
    """The answers of one probe's model that changed with the picture: how many of how many, and some of them."""

    probe: str
    n_asked: int
    n_changed: int
    shown: list[ChangePart]


class CoveragePart(TypedDict):
    """The coverage check of hidden tokens: on `n` pages, the lowest share of what the boxes change that was hidden."""

    way: str
    n: int
    lowest: float


class LeakPagePart(TypedDict):
    """A page under a way of hiding, its boxes drawn into the picture (`image`, a key of `Digest.images`): how many of
    its identifiers leaked, were kept back, or were not read on the unmasked page; and what the model said (cut)."""

    item: str
    way: str
    image: str
    answer: str
    leaked: int
    kept: int
    unread: int


class HeaderRow(TypedDict):
    """An identifying attribute of DICOM headers, in how many files it holds something; never what. `action` is what
    the Basic Profile of PS3.15 does with it, "" where it leaves it."""

    attribute: str
    tag: str
    kind: str
    action: str
    n: int


class HeadersPart(TypedDict):
    """The header audit of `n` DICOM files: `n_marked` say that the identity was removed."""

    n: int
    n_marked: int
    rows: list[HeaderRow]


class LeakagePart(TypedDict):
    """What the section about identifiers shows besides findings."""

    coverage: list[CoveragePart]
    pages: list[LeakPagePart]
    headers: HeadersPart | None


class RegionPart(TypedDict):
    """A region on its image (`image`, a key of `Digest.images`, with its box drawn in)."""

    item: str
    image: str


class SidePart(TypedDict):
    """Images of one class, with or without a region of the cluster: how many, and the share classified right."""

    n: int
    right: float | None
    low: float | None
    high: float | None


class ClassSidesPart(TypedDict):
    """Accuracy with and without a region of the cluster in one class."""

    label: str
    inside: SidePart
    outside: SidePart


class FlipsPart(TypedDict):
    """Answers that changed where regions were removed or pasted in (`edit`), beside the control: of `n` images `flips`
    and `control` changed, `became` says what the answers became, the commonest first. `shown`: more than under the
    control is shown."""

    edit: Literal["removed", "pasted"]
    n: int
    flips: int
    control: int
    low: float | None
    high: float | None
    p_adjusted: float | None
    shown: bool
    became: dict[str, int]


class PairPart(TypedDict):
    """An image as it is and changed, with what the model said to each."""

    item: str
    edit: Literal["removed", "pasted"]
    before: str
    after: str
    said_before: str
    said_after: str
    gold: str


class RegionClusterPart(TypedDict):
    """A region cluster: what it may be called, whether it is without clinical meaning, what kind of evidence speaks
    against the model, and what that rests on. `gap` and `influence` are figures with interval, `gap_p` the adjusted p
    of the permutation test."""

    name: str
    title: str
    nuisance: bool
    evidence: list[Literal["counterfactual", "association"]]
    n_images: int
    gap: list[float | None]
    gap_p: float | None
    influence: list[float | None]
    regions: list[RegionPart]
    sides: list[ClassSidesPart]
    flips: list[FlipsPart]
    pairs: list[PairPart]


class QuietClusterPart(TypedDict):
    """A region cluster against which nothing was found."""

    name: str
    title: str
    nuisance: bool
    n_images: int


class RegionsPart(TypedDict):
    """What the section about spurious regions shows besides findings. `worst` is the region cluster of the endpoint, ""
    where there is none; `accuracy` that of the model on images as they are."""

    encoder: str
    n_images: int
    n_regions: int
    accuracy: float | None
    worst: str
    shown: list[RegionClusterPart]
    quiet: list[QuietClusterPart]


class BinPart(TypedDict):
    """Answers of about the same confidence: its mean, the share of right ones with its interval, how many."""

    confidence: float
    right: float
    low: float | None
    high: float | None
    n: int


class ReliabilityPart(TypedDict):
    """How sure a model was against how often it was right, by role, over one set of questions under one condition."""

    title: str
    bins: dict[str, list[BinPart]]
    n_items: int
    n_clusters: int


class LaterParts(TypedDict, total=False):
    """What digests hold since; older ones lack it."""

    changes: list[ChangesPart]
    leakage: LeakagePart
    regions: RegionsPart
    reliability: list[ReliabilityPart]


class Digest(LaterParts):
    """Everything; `images` maps keys to base64 data URIs and is empty where pictures were kept out."""

    schema: str
    run: RunPart
    probes: list[ProbePart]
    findings: list[FindingPart]
    gallery: list[GalleryPart]
    images: dict[str, str]
