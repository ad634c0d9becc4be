"""Iris petals in three Voronoi cells, each flower joined to the mean of its cluster."""

import matplotlib.pyplot as plt
import numpy as np

from chainrule.report.figures import range_frame, save
from numerics import iris, kmeans

ALT = (
    "Iris flowers by petal length and petal width in three clusters, marked by circles, squares and triangles. "
    "Thin lines join each flower to its cluster's mean, and straight borders divide the plane into the means' cells."
)
LENGTH, WIDTH = (0.6, 7.3), (-0.05, 2.75)


def clusters():
    """Petals, labels and centres, the clusters ordered by petal length."""
    petals = iris.measurements()[:, 2:4]
    labels, centres = kmeans.fit(petals, 3)[:2]
    order = np.argsort(centres[:, 0])
    return petals, np.argsort(order)[labels], centres[order]


def draw(path, look):
    """Flowers, means, grand mean and cells."""
    petals, labels, centres = clusters()
    width, height = look.size
    fig, ax = plt.subplots(figsize=(width, height + (0.3 if height < width / 1.5 else 0)), layout="constrained")
    cells(ax, centres, look)
    for k, centre in enumerate(centres):
        points = petals[labels == k]
        for point in points:
            ax.plot(*zip(point, centre, strict=True), color=look.clusters[k], lw=0.25, alpha=0.45, zorder=1)
        ax.plot(*points.T, look.marks[k], ms=2.9, mfc="none", mec=look.clusters[k], mew=0.6)
        ax.plot(*centre, "+", ms=10, mew=1.5, color=look.ink)
    name(ax, petals, labels, centres, look)
    ax.set(xlabel="petal length, cm", ylabel="petal width, cm", xlim=LENGTH, ylim=WIDTH, aspect="equal")
    ax.set_xticks([1, 2, 3, 4, 5, 6, 6.9], ["1", "2", "3", "4", "5", "6", "6.9"])
    ax.set_yticks([0.1, 1, 2, 2.5])
    range_frame(ax, petals[:, 0], petals[:, 1])
    save(fig, path)


def cells(ax, centres, look):
    """The cell of a mean: where its squared distance is below every other. The difference is linear in the point, so
    that its zero line is exact on a coarse grid."""
    across, up = np.meshgrid(np.linspace(*LENGTH, 160), np.linspace(*WIDTH, 80))
    squares = kmeans.square_distances(np.stack([across.ravel(), up.ravel()], axis=1), centres)
    for k in range(len(centres)):
        lead = (np.delete(squares, k, axis=1).min(axis=1) - squares[:, k]).reshape(across.shape)
        ax.contourf(across, up, lead, [0, np.inf], colors=[look.clusters[k]], alpha=0.07)
        ax.contour(across, up, lead, [0], colors=[look.soft], linewidths=0.5)


def name(ax, petals, labels, centres, look):
    """Labels on the picture: no legend."""
    thin = {"arrowstyle": "-", "lw": 0.4, "color": look.soft, "shrinkA": 1, "shrinkB": 3}
    words = {"ha": "left", "va": "center", "fontsize": 8, "arrowprops": thin}
    grand = petals.mean(axis=0)
    ax.plot(*grand, "x", ms=7, mew=1.2, color=look.accent)
    ax.annotate("grand mean $c$", grand, (3.95, 0.42), color=look.accent, **words)
    for k, place in enumerate([(0.75, 0.98), (2.65, 2.25), (5.85, 0.95)]):
        ax.annotate(f"$m_{k + 1}$, {np.sum(labels == k)} flowers", centres[k], place, color=look.ink, **words)


def caption():
    """The numbers of the picture."""
    petals, labels, _ = clusters()
    C = kmeans.one_hot(labels, 3)
    return (
        "Petal length and width, three clusters. Each flower is joined to its mean: the squared lengths of these hairs "
        f"add up to {kmeans.within(petals, C):.3f}. The lines between cells are equally far from two means. "
        f"Total {kmeans.total(petals):.3f}, between {kmeans.between(petals, C):.3f}."
    )


def table():
    """All four measurements, K = 2, 3, 4: within and between add up to the total."""
    x = iris.measurements()
    rows = []
    for k in (2, 3, 4):
        labels = kmeans.fit(x, k)[0]
        C = kmeans.one_hot(labels, k)
        sizes = ", ".join(str(n) for n in sorted(C.sum(axis=0)))
        rows.append(
            (str(k), *(f"{v:.4f}" for v in (kmeans.within(x, C), kmeans.between(x, C), kmeans.total(x))), sizes)
        )
    heads = ("K", "within", "between", "total", "sizes")
    return "The best partitions found, all four measurements of 150 flowers.", heads, tuple(rows)
