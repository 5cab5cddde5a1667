from __future__ import annotations

from probes.spurious.scene import NUISANCE, Found


def test_places_and_boxes_of_a_cluster(found: Found) -> None:
    for scene in found.scenes:
        places = [scene.places(cluster.number) for cluster in found.clusters]
        assert sorted(place for own in places for place in own) == list(range(len(scene.regions)))
        for cluster in found.clusters:
            boxes = tuple(scene.regions[place].box for place in scene.places(cluster.number))
            assert scene.boxes(cluster.number) == boxes


def test_what_a_control_avoids(found: Found) -> None:
    for scene in found.scenes:
        assert scene.marked == tuple(region.box for region in scene.regions if region.kind in NUISANCE)


def test_nuisances_are_the_most_frequent_first(found: Found) -> None:
    counts = [sum(cluster.images.values()) for cluster in found.nuisances]
    assert counts == sorted(counts, reverse=True)
    assert all(cluster.nuisance for cluster in found.nuisances)
