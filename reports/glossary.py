"""Words of the field, the methods and the limits, as the report explains them."""

from __future__ import annotations

GLOSSARY: dict[str, tuple[str, str]] = {
    "item": ("Item", "One question with its right answer."),
    "cluster": (
        "Cluster",
        "Items that belong together: those of one patient, else of one study, else those that share an image. Clusters "
        "are what is resampled, because answers about the same patient rise and fall together.",
    ),
    "interval": (
        "Interval",
        "The values that fit the data: made so that, over many audits, 95 of 100 such intervals hold the true value.",
    ),
    "adjusted": (
        "Adjusted",
        "Made stricter because several questions were asked at once: together they keep the stated level.",
    ),
    "p": (
        "p-value",
        "How often data at least this far from the reference would come up if the reference value were true.",
    ),
    "threshold": ("Threshold", "The value that the policy asks for, written down before the answers were known."),
    "margin": ("Margin", "The largest difference that still counts as the same, or as not worse."),
    "equivalence": (
        "Equivalence",
        "Two scores are called equivalent only where the 90% interval of their difference lies inside the margin. "
        '"Not significant" is not "the same".',
    ),
    "mde": (
        "Smallest effect in reach",
        "The minimum detectable effect: the difference that this many clusters would show with the policy's power "
        "(usually 80 of 100 times). A smaller one could be there and go unseen.",
    ),
    "not judged": (
        "Not judged",
        "Answers that were refused, cut off or unreadable. Under strict scoring they count as not right.",
    ),
    "base": ("Base model", "The model that this one was adapted from, asked exactly the same."),
    "primary": (
        "Primary endpoint",
        "One of the few findings, named by the policy in advance, that decide the verdict.",
    ),
    "exploratory": ("Exploratory", "Everything else: it can raise a flag, never pass or fail a model."),
    "noise": (
        "Noise floor",
        "How far a model disagrees with itself when it is asked the same again in other batches (and with other seeds, "
        "where text is drawn). What is no larger than that is no finding.",
    ),
    "control": (
        "Control",
        "The same questions without what is needed to answer them, such as the image. A score that a control reaches "
        "shows nothing about what the model sees.",
    ),
    "strict": ("Strict scoring", "Scoring with the known flaws of the published one mended."),
    "published": ("Published scoring", "Scoring as the benchmark's paper does it, so that numbers can be compared."),
    "sensitivity": ("Sensitivity", "Of the cases where something is wrong, the share that was found."),
    "false alarm": (
        "False-alarm rate",
        "Of the cases where nothing is wrong, the share in which something was claimed.",
    ),
    "youden": ("Youden's J", "Sensitivity minus false-alarm rate: 0 for guessing, 100 points for perfection."),
}

METHODS: tuple[tuple[str, str], ...] = (
    (
        "What is resampled",
        "Clusters, in pairs: one draw serves the model, its base and every control, so that differences are taken on "
        "the same questions. Each comparison has its own random stream from the run's seed and its name.",
    ),
    (
        "Intervals",
        "Shares of items: Korn-Graubard (Clopper-Pearson on the effective sample size of the clusters); at 0 or 100% "
        "Clopper-Pearson over effective clusters. Other figures: bias-corrected accelerated bootstrap over clusters. "
        "Where few clusters disagree, each direction of disagreement is bounded exactly. Findings name their method.",
    ),
    (
        "Families and adjustment",
        "Primary endpoints are tested one-sided against their thresholds in both directions, adjusted by Holm within "
        "\u201cfalse pass\u201d and within \u201cfalse fail\u201d; the verdict follows the adjusted test. Exploratory "
        "findings are adjusted by Benjamini-Hochberg. Tests of equivalence are a family of their own.",
    ),
    (
        "Few clusters",
        "Below 20 effective clusters (Kish) intervals are not reliable: such a finding is marked and never passes.",
    ),
    (
        "Answers that cannot be judged",
        "Refused, cut-off and unreadable answers are behaviour of the model: strict scoring counts them as not right "
        "and shows them apart. Answers that never came are missing data, and make the run incomplete.",
    ),
)

LIMITATIONS: tuple[str, ...] = (
    "The verdict holds for the data, the prompts and the version named here, not for others.",
    "Passing these probes does not show that a model is safe or fit for diagnosis: they look for known failures.",
    "Labels of the data were taken as true; a wrong label counts against the model.",
    "An interval covers chance in the choice of cases, not a choice of cases that differs from the clinic's.",
)
