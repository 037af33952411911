"""The picture in ``docs/architecture.md``, made from the imports: ``python -m scripts.picture`` draws it anew."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from scripts import layers
from scripts.house import ORDER, ROOT, graph

DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by scripts/picture.py -->", "<!-- end of the picture -->"
SMALL = {"messages", "files", "letters", "names", "workspace", "plan", "job_params", "doctor", "__main__"}


def rooms() -> dict[str, set[str]]:
    """Room of core → the rooms it imports; `pages` is one."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, used in graph().items():
        for other in used:
            mine, theirs = _room(name), _room(other)
            if mine != theirs and not {mine, theirs} & SMALL and "core" not in (mine, theirs):
                found[mine].add(theirs)
    return dict(found)


def _room(name: str) -> str:
    whole, *rest = name.split(".")
    return rest[0] if whole == "core" and rest else whole


def reduced(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """Arrows without those that a longer way makes superfluous (the transitive reduction of a graph without circles).

    >>> reduced({"c": {"a", "b"}, "b": {"a"}})
    {'c': {'b'}, 'b': {'a'}}
    """

    def reached(name: str) -> set[str]:
        direct = arrows.get(name, set())
        return direct.union(*(reached(other) for other in direct))

    return {
        name: {other for other in used if not any(other in reached(between) for between in used)}
        for name, used in arrows.items()
    }


def picture() -> str:
    """The rooms as a Mermaid flow chart: an arrow points to what is used."""
    places = {name: place for place, name in enumerate((*ORDER, "pages"))}
    lines = ["```mermaid", "flowchart TD"]
    for name, used in sorted(reduced(rooms()).items(), key=lambda one: -places[one[0]]):
        lines += [f"    {name} --> {other}" for other in sorted(used, key=lambda one: -places[one])]
    return "\n".join([*lines, "```"])


def drawn(document: str) -> str:
    """A document with the picture between its two marks."""
    before, rest = document.split(BEGIN)
    return f"{before}{BEGIN}\n{picture()}\n{END}{rest.split(END)[1]}"


def as_svg(document: str) -> str:
    """The same document with the picture as SVG, for a browser without Mermaid's script."""
    before, rest = document.split(BEGIN)
    drawing = layers.svg(reduced(rooms()), "The rooms, and which uses which")
    return f'{before}<div class="rooms">\n{drawing}\n</div>{rest.split(END)[1]}'


def main(document: Path = DOCUMENT) -> None:
    """Write the picture into the document."""
    document.write_text(drawn(document.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
