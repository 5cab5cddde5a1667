import numpy as np
import pytest
from scipy.stats import multivariate_normal

from probes.spurious.discovery.mixture import Mixture, Sample, fitted, log_prior, maximised


def sample_of(seed, n=200, classes=3, width=4):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n)
    points = rng.normal(size=(3, width))[kind] * 2 + rng.normal(size=(n, width)) * rng.uniform(0.3, 1.5, width)
    eye = np.eye(classes)
    return Sample(points, eye[rng.integers(0, classes, n)], eye[kind % classes]), kind


def start_of(seed, n, components):
    share = np.random.default_rng(seed).exponential(size=(n, components))
    return share / share.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("strength", [1.0, 10.0])
@pytest.mark.parametrize("seed", range(12))
def test_the_objective_never_falls(seed, strength):
    sample, _ = sample_of(seed)
    path = fitted(sample, start_of(seed, 200, 6), strength).path
    assert len(path) > 2
    assert (np.diff(path) >= -1e-9).all()


def test_the_joint_is_weight_times_densities_of_scipy():
    rng = np.random.default_rng(0)
    sample, _ = sample_of(0, n=30)
    part = rng.dirichlet(np.ones(3), (2, 5))
    mixture = Mixture(rng.dirichlet(np.ones(5)), rng.normal(size=(5, 4)), rng.uniform(0.5, 2, (5, 4)), *part)
    joint = mixture.log_joint(sample, 10.0)
    for one in range(5):
        density = multivariate_normal(mixture.means[one], np.diag(mixture.variances[one])).logpdf(sample.points)
        categories = np.log(sample.labels @ part[0, one]) + np.log(sample.predictions @ part[1, one])
        assert joint[:, one] == pytest.approx(np.log(mixture.weights[one]) + density + 10 * categories)


@pytest.mark.parametrize("seed", range(5))
def test_the_m_step_is_a_maximum(seed):
    """Against small changes of every parameter, with the expected log joint and the prior as the objective."""
    rng = np.random.default_rng(seed)
    sample, _ = sample_of(seed, n=60)
    share = start_of(seed, 60, 3)
    best = maximised(sample, share)

    def objective(mixture):
        return float((share * mixture.log_joint(sample, 2.0)).sum()) + log_prior(mixture, sample, 2.0)

    def moved(values):
        factor = np.exp(0.02 * rng.normal(size=values.shape))
        return values * factor

    for _ in range(40):
        changed = [moved(best.weights), best.means + 0.02 * rng.normal(size=best.means.shape), moved(best.variances)]
        changed[0] = changed[0] / changed[0].sum()
        rows = [moved(best.labels), moved(best.predictions)]
        categories = [row / row.sum(axis=1, keepdims=True) for row in rows]
        assert objective(Mixture(*changed, *categories)) < objective(best)


def test_known_groups_are_recovered():
    sample, kind = sample_of(3, n=600)
    fit = fitted(sample, 0.5 * np.eye(3)[kind] + 0.5 * start_of(0, 600, 3))
    component = fit.responsibility.argmax(axis=1)
    assert len(set(zip(component.tolist(), kind.tolist(), strict=True))) == 3
    for one in range(3):
        rows = component == one
        assert fit.mixture.weights[one] == pytest.approx(rows.mean(), abs=0.01)
        assert fit.mixture.means[one] == pytest.approx(sample.points[rows].mean(axis=0), abs=0.05)
        assert fit.mixture.labels[one] == pytest.approx(sample.labels[rows].mean(axis=0), abs=0.01)
    assert fit.responsibility.sum(axis=1) == pytest.approx(1)


def test_disagreement_is_the_largest_difference_of_label_and_prediction():
    part = np.array([[0.5, 0.5, 0.0], [0.2, 0.2, 0.6]]), np.array([[0.4, 0.3, 0.3], [0.2, 0.2, 0.6]])
    mixture = Mixture(np.full(2, 0.5), np.zeros((2, 1)), np.ones((2, 1)), *part)
    assert mixture.disagreement == pytest.approx([0.3, 0.0])
