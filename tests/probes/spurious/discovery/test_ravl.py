import numpy as np
import pytest

from probes.spurious.discovery.clustering import similarity
from probes.spurious.discovery.precision import precision_at
from probes.spurious.discovery.ravl import kept_clusters, ravl


@pytest.mark.parametrize("seed", range(80))
def test_what_is_kept_and_its_order_equal_the_literal_rules(literal, random_table, seed):
    table, assignment = random_table(seed, images=24)
    closeness = similarity(table.embeddings, table.embeddings[:4])
    kept = kept_clusters(table, assignment, closeness)
    assert [one.region_cluster for one in kept] == literal.kept(table, assignment, 4)
    for one in kept:
        c = one.region_cluster
        assert one.gap == pytest.approx(literal.performance_gap(table, assignment, c))
        assert one.influence == pytest.approx(literal.influence(table, assignment, c))
        assert one.influence >= 0.25
        assert one.attribute == literal.attribute(table, assignment, c)
        members = [row for row in range(len(assignment)) if assignment[row] == c]
        assert one.regions.tolist() == sorted(members, key=lambda row: (-closeness[row, c], row))


def test_the_random_tables_keep_some_and_none(literal, random_table):
    sizes = {len(literal.kept(*random_table(seed, images=24), 4)) for seed in range(80)}
    assert 0 in sizes
    assert max(sizes) >= 2


def test_a_planted_shortcut_is_found_first(planted):
    table, holds = planted(0)
    found = ravl(table, np.random.default_rng(0))
    assert precision_at(found.ranking, holds) == 1
    first = found.kept[0]
    assert first.attribute == 0
    assert first.g[0] > 0
    assert (first.g[1:] < 0).all()
    assert first.influence > 0.9
    assert holds[first.regions].mean() > 0.95
    medoid = found.clustering.medoids[first.region_cluster]
    assert first.regions[0] == medoid
    assert [one.gap for one in found.kept] == sorted((one.gap for one in found.kept), reverse=True)


def test_a_model_without_errors_has_no_spurious_region(planted):
    table, _ = planted(1)
    table.predictions[:] = table.labels
    found = ravl(table, np.random.default_rng(0))
    assert found.kept == ()
    assert found.ranking.tolist() == []
    assert found.clustering is not None


def test_regions_that_do_not_cluster_are_an_answer_too(random_table):
    table, _ = random_table(0, images=30)
    table.embeddings[:] = table.embeddings[0]
    found = ravl(table, np.random.default_rng(0))
    assert (found.clustering, found.kept, len(found.ranking)) == (None, (), 0)
