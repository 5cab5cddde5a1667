"""RaVL word by word, with loops over images and regions: slow, and written apart from the vectorised one."""

from __future__ import annotations

import math


def images_with(table, assignment, c):
    return {int(i) for i, a in zip(table.image, assignment, strict=True) if a == c}


def class_gap(table, inside, label):
    """(n_in, n_out, acc_in, acc_out, g) of one label; None for what has no images."""
    members = [i for i, y in enumerate(table.labels) if y == label]
    ins = [i for i in members if i in inside]
    if not ins:
        return 0, len(members), None, None, None
    outs = [i for i in members if i not in inside]
    acc_in = sum(table.labels[i] == table.predictions[i] for i in ins) / len(ins)
    if not outs:
        return len(ins), 0, acc_in, None, None
    acc_out = sum(table.labels[i] == table.predictions[i] for i in outs) / len(outs)
    weight = 2 * min(len(ins), len(outs)) / (len(ins) + len(outs))
    return len(ins), len(outs), acc_in, acc_out, weight * (acc_in - acc_out)


def performance_gap(table, assignment, c):
    inside = images_with(table, assignment, c)
    parts = [class_gap(table, inside, label)[4] for label in range(table.scores.shape[1])]
    return sum(abs(g) for g in parts if g is not None)


def r_max(table, i):
    """The row of the region that scores highest for the class that was predicted; the first on ties."""
    best = None
    for row, image in enumerate(table.image):
        if image == i and (
            best is None or table.scores[row, table.predictions[i]] > table.scores[best, table.predictions[i]]
        ):
            best = row
    return best


def influence(table, assignment, c):
    inside, largest = images_with(table, assignment, c), -math.inf
    for label in range(table.scores.shape[1]):
        g = class_gap(table, inside, label)[4]
        if g is None or g >= 0:
            continue
        pulled = []
        for i in sorted(inside):
            regions = sum(1 for image in table.image if image == i)
            wrong = table.labels[i] == label and table.predictions[i] != label
            if wrong and regions > 1 and table.predictions[i] >= 0:
                pulled.append(assignment[r_max(table, i)] == c)
        if pulled:
            largest = max(largest, sum(pulled) / len(pulled))
    return largest


def kept(table, assignment, k):
    """Clusters that stay, by falling gap."""
    rows = []
    for c in range(k):
        inside = images_with(table, assignment, c)
        parts = [class_gap(table, inside, label)[4] for label in range(table.scores.shape[1])]
        signs = {math.copysign(1, g) for g in parts if g}
        if influence(table, assignment, c) >= 0.25 and signs == {1.0, -1.0}:
            rows.append((-performance_gap(table, assignment, c), c))
    return [c for _, c in sorted(rows)]


def attribute(table, assignment, c):
    inside, best, found = images_with(table, assignment, c), -math.inf, -1
    for label in range(table.scores.shape[1]):
        _, _, acc_in, acc_out, g = class_gap(table, inside, label)
        if g is not None and acc_in - acc_out > best:
            best, found = acc_in - acc_out, label
    return found


def silhouette(distances, assignment):
    total = 0.0
    for i, own in enumerate(assignment):
        mates = [j for j, a in enumerate(assignment) if a == own and j != i]
        others = {a for a in assignment if a != own}
        if not mates:
            continue
        a = sum(float(distances[i][j]) for j in mates) / len(mates)
        b = min(
            sum(float(distances[i][j]) for j, other in enumerate(assignment) if other == o)
            / sum(1 for other in assignment if other == o)
            for o in others
        )
        total += (b - a) / max(a, b) if max(a, b) > 0 else 0.0
    return total / len(assignment)
