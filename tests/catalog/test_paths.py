"""Every function and module that the catalogue names by its path exists; heavy ones are looked for, not loaded."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATH = re.compile(r"core(\.\w+)+(:\w+)?")


def named() -> set[str]:
    """The import paths in the catalogue's strings, those put together from a constant included."""
    found = set()
    for file in sorted((ROOT / "core" / "catalog").rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [
                    part.value if isinstance(part, ast.Constant) else constants.get(ast.unparse(part.value), "?")
                    for part in node.values
                ]
                found.add("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return {text for text in found if PATH.fullmatch(text)}


def test_paths_are_found():
    assert {"core.run_jobs:compare", "core.text_tasks.labels.entities:llm"} <= named()


@pytest.mark.parametrize("path", sorted(named()))
def test_what_the_catalogue_names_exists(path):
    module, _colon, name = path.partition(":")
    file = ROOT.joinpath(*module.split("."))
    file = file / "__init__.py" if file.is_dir() else file.with_suffix(".py")
    assert file.is_file()
    defined = {node.name for node in ast.parse(file.read_text("utf-8")).body if hasattr(node, "name")}
    assert not name or name in defined
