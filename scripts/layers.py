"""A small layered drawing of a graph without circles, as SVG: what uses others stands above them.

After Sugiyama, Tagawa and Toda, "Methods for visual understanding of hierarchical system structures", 1981: a layer for
each node, a place within the layer by the mean place of its neighbours, and long arrows led past the boxes by empty
places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

Arrows = dict[str, set[str]]
BOX, GAP, EMPTY = (112, 34), (22, 58), 14  # pixels: width and height of a box, between boxes, width of an empty place
SWEEPS = 12


@dataclass
class Drawing:
    """Where the nodes stand, and through which empty places each arrow is led."""

    layers: list[list[str]]  # from above
    ways: dict[tuple[str, str], list[str]]  # arrow → its stations, both ends among them
    middles: dict[str, tuple[float, float]] = field(default_factory=dict)  # station → (x, y)

    @property
    def width(self) -> float:
        return max(x for x, _y in self.middles.values()) + BOX[0] / 2 + GAP[0] / 2

    @property
    def height(self) -> float:
        return len(self.layers) * (BOX[1] + GAP[1]) - GAP[1] + 4


def depths(arrows: Arrows) -> dict[str, int]:
    """How many arrows the longest way from a node down has.

    >>> depths({"c": {"a", "b"}, "b": {"a"}})
    {'a': 0, 'b': 1, 'c': 2}
    """
    found: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in found:
            found[name] = 1 + max((depth(other) for other in arrows.get(name, set())), default=-1)
        return found[name]

    for name in sorted(arrows):
        depth(name)
    return dict(sorted(found.items(), key=lambda one: (one[1], one[0])))


def drawing(arrows: Arrows) -> Drawing:
    """Layers, order within each, and places.

    >>> drawing({"c": {"a", "b"}, "b": {"a"}}).layers[0]
    ['c']
    """
    deep = depths(arrows)
    top = max(deep.values())
    layers: list[list[str]] = [[] for _ in range(top + 1)]
    for name, depth in deep.items():
        layers[top - depth].append(name)
    ways = {}
    for name in sorted(arrows):
        for other in sorted(arrows[name]):
            between = range(deep[name] - 1, deep[other], -1)
            stations = [f"{name} {other} {depth}" for depth in between]
            for station, depth in zip(stations, between, strict=True):
                layers[top - depth].append(station)
            ways[name, other] = [name, *stations, other]
    made = Drawing(layers, ways)
    _order(made)
    _place(made)
    return made


def _order(made: Drawing) -> None:
    """Fewer crossings: each layer by the mean place of its stations' neighbours, downwards and upwards in turn."""
    above, below = _neighbours(made)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        joined = above if down else below
        order = range(1, len(made.layers)) if down else range(len(made.layers) - 2, -1, -1)
        for number in order:
            beside = made.layers[number - 1 if down else number + 1]
            at = {name: place / max(1, len(beside) - 1) for place, name in enumerate(beside)}
            layer = made.layers[number]
            own = {name: place / max(1, len(layer) - 1) for place, name in enumerate(layer)}
            mean = {name: _mean([at[one] for one in joined.get(name, [])], own[name]) for name in layer}
            layer.sort(key=mean.__getitem__)


def _neighbours(made: Drawing) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    above: dict[str, list[str]] = {}
    below: dict[str, list[str]] = {}
    for stations in made.ways.values():
        for upper, lower in pairwise(stations):
            above.setdefault(lower, []).append(upper)
            below.setdefault(upper, []).append(lower)
    return above, below


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _wide(name: str) -> float:
    return EMPTY if " " in name else BOX[0]


def _place(made: Drawing) -> None:
    """Each layer in the middle of the widest."""
    widths = [sum(map(_wide, layer)) + GAP[0] * (len(layer) - 1) for layer in made.layers]
    for number, (layer, width) in enumerate(zip(made.layers, widths, strict=True)):
        left = GAP[0] / 2 + (max(widths) - width) / 2
        for name in layer:
            made.middles[name] = (left + _wide(name) / 2, 2 + BOX[1] / 2 + number * (BOX[1] + GAP[1]))
            left += _wide(name) + GAP[0]


def svg(arrows: Arrows, title: str) -> str:
    """The drawing; lines and words take the colour of the text around it."""
    made = drawing(arrows)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {made.width:.0f} {made.height:.0f}" '
        f'width="{made.width:.0f}" role="img" aria-label="{title}" font-family="system-ui, sans-serif" font-size="14">',
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 L8 4 L0 8 Z" fill="currentColor"/></marker></defs>',
        '<g fill="none" stroke="currentColor" stroke-opacity="0.55" stroke-width="1.2">',
        *(f'<path d="{_path(made, stations)}" marker-end="url(#tip)"/>' for stations in made.ways.values()),
        "</g>",
        *(_box(name, *made.middles[name]) for layer in made.layers for name in layer if " " not in name),
        "</svg>",
    ]
    return "\n".join(lines)


def _path(made: Drawing, stations: list[str]) -> str:
    """A smooth line through the stations; it passes an empty place upright."""
    half = BOX[1] / 2
    x, y = made.middles[stations[0]]
    path = [f"M{x:.0f} {y + half:.0f}"]
    y += half
    for station in stations[1:]:
        to_x, middle = made.middles[station]
        bend = (middle - half - y) / 2
        path.append(f"C{x:.0f} {y + bend:.0f} {to_x:.0f} {middle - half - bend:.0f} {to_x:.0f} {middle - half:.0f}")
        if station != stations[-1]:
            path.append(f"V{middle + half:.0f}")
        x, y = to_x, middle + half
    return " ".join(path)


def _box(name: str, x: float, y: float) -> str:
    left, top = x - BOX[0] / 2, y - BOX[1] / 2
    return (
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{BOX[0]}" height="{BOX[1]}" rx="6" fill="#0072B2" '
        f'fill-opacity="0.12" stroke="#0072B2"/><text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" '
        f'fill="currentColor">{name}</text>'
    )
