"""How long region clusters take, what memory they need and how good they are, against plain alternating k-medoids.

`python benchmarks/spurious_clustering.py [regions [classes]]` prints a table: wall and processor seconds of the whole
sweep over K from embeddings, peak memory of the process, the largest silhouette, and the same of `kmedoids.alternating`
over the same K on the same distances, with starts by k-medoids++. Each data set runs in a process of its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

import kmedoids
import numpy as np
from numpy.typing import NDArray

from probes.spurious.discovery.clustering import cluster, published_ks
from probes.spurious.discovery.distances import cosine_distances
from probes.spurious.discovery.seeding import k_medoids_plus_plus
from probes.spurious.discovery.silhouette import silhouette

Embeddings = NDArray[np.float32]
WIDTH = 512


def like_regions(rng: np.random.Generator, regions: int) -> Embeddings:
    """As encoders give them: all point one way to some degree, 24 kinds of unequal size and tightness, and a tenth that
    is of no kind."""
    kinds = rng.dirichlet(np.ones(24))
    of = rng.choice(24, p=kinds, size=regions)
    centres = rng.normal(size=(24, WIDTH))
    tight = rng.uniform(0.5, 1.2, 24)[of][:, None]
    rows = 0.7 * rng.normal(size=WIDTH) + centres[of] + tight * rng.normal(size=(regions, WIDTH))
    loose = rng.random(regions) < 0.1
    rows[loose] = 0.7 * rng.normal(size=WIDTH) + 1.4 * rng.normal(size=(int(loose.sum()), WIDTH))
    return rows.astype(np.float32)


def hardly_clustered(rng: np.random.Generator, regions: int) -> Embeddings:
    """Fourteen kinds whose members have a cosine of 0.14 with each other."""
    centres = rng.normal(size=(14, WIDTH))
    rows = centres[rng.integers(0, 14, regions)] + 2.5 * rng.normal(size=(regions, WIDTH))
    return rows.astype(np.float32)


def unclustered(rng: np.random.Generator, regions: int) -> Embeddings:
    """One cloud that is longer in some directions than in others."""
    rows = rng.normal(size=(regions, WIDTH)) / np.sqrt(1 + np.arange(WIDTH))
    return rows.astype(np.float32)


KINDS: Mapping[str, Callable[[np.random.Generator, int], Embeddings]] = {
    "like regions": like_regions,
    "hardly clustered": hardly_clustered,
    "unclustered": unclustered,
}


def alternating(distances: NDArray[np.float32], ks: range) -> tuple[float, int]:
    """The largest silhouette of alternating k-medoids over `ks`, and its K."""
    reached = []
    for k in ks:
        start = k_medoids_plus_plus(distances, k, np.random.default_rng(0))
        labels = kmedoids.alternating(distances, start).labels.astype(np.intp)
        reached.append((silhouette(distances, labels, k), -k))
    best, k = max(reached)
    return best, -k


def measured(name: str, regions: int, classes: int) -> str:
    """One row of the table."""
    embeddings, ks = KINDS[name](np.random.default_rng(0), regions), published_ks(classes)
    wall, used = time.perf_counter(), time.process_time()
    found = cluster(embeddings, ks, np.random.default_rng(0))
    took = f"{time.perf_counter() - wall:.1f} | {time.process_time() - used:.1f}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    ours = "none" if found is None else f"{found.silhouette:.4f} (K {found.k})"
    wall = time.perf_counter()
    plain, k = alternating(cosine_distances(embeddings), ks)
    cells = [name, str(regions), f"{ks[0]} to {ks[-1]}", took, f"{peak:.2f}", ours, f"{plain:.4f} (K {k})",
             f"{time.perf_counter() - wall:.1f}"]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    if len(sys.argv) > 3:
        print(measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
        return
    given = sys.argv[1:]
    sizes = given + ["10000", "4"][len(given) :]
    print("| data | regions | K | s | processor s | GiB | silhouette | alternating | its s |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for name in KINDS:
        subprocess.run([sys.executable, __file__, name, *sizes], check=True)


if __name__ == "__main__":
    main()
