"""Before any answer exists: what a sample of this size can show, under stated assumptions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from audit.policy.policy import Policy
from audit.policy.words import counted
from audit.stats.clusters import kish
from audit.stats.power import clusters_needed, mde, planned_paired_se, planned_se

SHARE = 0.8
DISAGREEING = 0.2
ICC = 0.1


@dataclass(frozen=True)
class Detectable:
    """Minimum detectable effects at a sample, and the clusters that would resolve the policy's margin.

    `share` is the distance from a threshold at which a share is told from it, `difference` that of a paired difference
    from its limit, both in shares and None where the sample has fewer than two clusters. `few` says that the sample is
    below the policy's least number of clusters.
    """

    n_items: int
    n_clusters: int
    share: float | None
    share_clusters: int | None
    difference: float | None
    difference_clusters: int | None
    few: bool
    sentences: tuple[str, ...]


def minimum_detectable(
    n_items: int,
    n_clusters: int,
    policy: Policy,
    *,
    sizes: Sequence[int] | None = None,
    margin: float | None = None,
    n_endpoints: int | None = None,
    share: float = SHARE,
    disagreeing: float = DISAGREEING,
    icc: float = ICC,
) -> Detectable:
    """What `n_items` in `n_clusters` can detect at the policy's power, with alpha divided by the primary endpoints.

    Assumed, and said in the sentences: the true share, the share of items on which model and base disagree, and the
    intra-cluster correlation. `sizes` are the items of each cluster (equal ones assumed without). `margin` and
    `n_endpoints` default to the policy's default margin and number of endpoints. Raises `ValueError` where there are
    more clusters than items.
    """
    if n_clusters > n_items or n_items < 0:
        raise ValueError(f"Expected n_clusters <= n_items but got {n_clusters!r} and {n_items!r}.")
    worth = kish(sizes) if sizes else float(n_clusters)
    few = worth < policy.min_clusters
    if n_clusters < 2:
        said = f"{counted(n_items, 'item')} in {counted(n_clusters, 'cluster')}: no interval, so nothing can be tested."
        return Detectable(n_items, n_clusters, None, None, None, None, few, (said,))
    endpoints = max(1, len(policy.primary) if n_endpoints is None else n_endpoints)
    alpha = policy.alpha / endpoints
    margin = policy.margins["default"] if margin is None else margin
    errors = (
        planned_se(share, n_items, n_clusters, icc, sizes=sizes),
        planned_paired_se(disagreeing, n_items, n_clusters, icc, sizes=sizes),
    )
    effects = [mde(se, alpha, policy.power) for se in errors]
    clusters = [clusters_needed(se, n_clusters, margin, alpha, policy.power) for se in errors]
    sentences = (
        f"{counted(n_items, 'item')} in {counted(n_clusters, 'cluster')}: a share near {share:g} is told from a"
        f" threshold {effects[0]:.2g} away; a margin of {margin:g} takes about {_clusters(clusters[0])}.",
        f"A difference from the base is told from its limit {effects[1]:.2g} away, if the models disagree on"
        f" {disagreeing:.0%} of the items; a margin of {margin:g} takes about {_clusters(clusters[1])}.",
        f"Assumed: power {policy.power:g}, one-sided alpha {policy.alpha:g} over"
        f" {counted(endpoints, 'primary endpoint')}, intra-cluster correlation {icc:g}.",
    )
    return Detectable(
        n_items, n_clusters, effects[0], clusters[0], effects[1], clusters[1], few, sentences + _few(few, worth, policy)
    )


def _clusters(number: int | None) -> str:
    return "an unknown number of clusters" if number is None else counted(number, "cluster")


def _few(few: bool, worth: float, policy: Policy) -> tuple[str, ...]:
    if not few:
        return ()
    shown = f"{worth:.1f}" if math.floor(worth) != worth else f"{worth:.0f}"
    return (f"These clusters are worth {shown} equal ones; below {policy.min_clusters} nothing can pass.",)
