"""The pages of the reference, one for each room of core, made from its docstrings when the documentation is built."""

from __future__ import annotations

import ast
from pathlib import Path

from scripts.house import ORDER, ROOT, dotted

FOLDER = "reference"
ALONE = "workspace_and_plans"  # the page of the modules that are files of core itself
TITLES = {"cli": "Command line"}
HEAD = "---\nsearch:\n  boost: 0.3\n---\n"  # what a person can do comes before the code that does it


def rooms() -> dict[str, list[str]]:
    """Room → its modules that have something public, rooms in the order of imports.

    >>> rooms()["compare"][0]
    'core.compare.comparison'
    """
    found: dict[str, list[str]] = {name: [] for name in ORDER if (ROOT / "core" / name).is_dir()}
    found[ALONE] = []
    for path in sorted((ROOT / "core").rglob("*.py")):
        first = path.relative_to(ROOT / "core").parts[0]
        if path.name != "__main__.py" and public(path):
            found[first if first in found else ALONE].append(dotted(path))
    return found


def public(path: Path) -> bool:
    """Whether a module has a public function or class of its own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) and not node.name.startswith("_") for node in tree.body)


def title(room: str) -> str:
    """How a room is called in the menu.

    >>> title("text_tasks")
    'Text tasks'
    """
    return TITLES.get(room, room.replace("_", " ").capitalize())


def pages() -> dict[str, str]:
    """Path in the documentation → Markdown, in which mkdocstrings fills in each module."""
    return {f"{FOLDER}/{room}.md": _page(room, modules) for room, modules in rooms().items()}


def _page(room: str, modules: list[str]) -> str:
    parts = [f"{HEAD}# {title(room)}", *_about(room, modules), *(f"::: {name}" for name in modules)]
    return "\n\n".join(parts) + "\n"


def _about(room: str, modules: list[str]) -> list[str]:
    """What the package says of itself, where it is not a module of the page."""
    package = ROOT / "core" / room / "__init__.py"
    if f"core.{room}" in modules or not package.exists():
        return []
    return [ast.get_docstring(ast.parse(package.read_text(encoding="utf-8"))) or ""]


def menu() -> list[dict[str, str]]:
    """The entries of the menu."""
    return [{title(room): f"{FOLDER}/{room}.md"} for room in rooms()]


def fenced(docstring: str) -> str:
    """A docstring whose examples outside a section *Examples* are fenced as code, as Markdown needs it.

    >>> fenced("Double.\\n\\n>>> 2 * 2\\n4\\n\\nAnd so on.").split("\\n\\n")[1].split("\\n")
    ['```pycon', '>>> 2 * 2', '4', '```']
    """
    parts = docstring.split("\n\n")
    within = False
    for place, part in enumerate(parts):
        lines = part.split("\n")
        if len(lines) > 1 and set(lines[1].strip()) == {"-"}:  # a section's heading
            within = lines[0].strip() == "Examples"
        elif part.lstrip().startswith(">>>") and not within:
            parts[place] = f"```pycon\n{part.rstrip()}\n```"
    return "\n\n".join(parts)
