"""``make house``: the rooms with their files and lines, and what stands against the rules of the house.

The rules: imports point one way, from a later room to an earlier one, and never in a circle; at most a dozen files in a
folder; three files that begin with the same word are a folder; a page's file only draws.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
ORDER = (
    *(
        "messages",
        "allowed",
        "files",
        "letters",
        "catalog",
        "names",
        "workspace",
        "access",
        "questions",
        "plan",
        "job_params",
        "data",
        "jobs",
        "people",
        "encode",
        "models",
    ),
    *("results", "evaluate", "providers", "fuse", "compare", "bundles", "run_jobs", "language", "assistant"),
    *("text_tasks", "explain", "doctor", "cli", "__main__"),
)
BELOW_PAGES = ("server", "shared")  # what every page may use; of the pages themselves, none uses another in a circle
MOST_FILES = 12
FAMILY = 3  # files that begin with the same word
MOST_LINES = 50  # of a function
MOST_PAGE_LINES = 150


def files() -> list[Path]:
    """The Python files of core and pages."""
    return sorted(path for name in ("core", "pages") for path in (ROOT / name).rglob("*.py"))


def dotted(path: Path) -> str:
    """``core/data/table.py`` → ``core.data.table``; a package is named by its folder."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Dotted names of what a file imports, modules and what is taken from them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in tree.body if top_level_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def graph(*, top_level_only: bool = False) -> dict[str, set[str]]:
    """Which of our modules imports which."""
    names = {dotted(path): path for path in files()}
    return {name: imports(path, top_level_only=top_level_only) & set(names) - {name} for name, path in names.items()}


def against_the_order(arrows: dict[str, set[str]]) -> list[str]:
    """Imports of a later room, and pages that use each other in a circle."""
    found = []
    between_pages: dict[str, set[str]] = defaultdict(set)
    for name, used in arrows.items():
        for other in used:
            (whole, *mine), (other_whole, *theirs) = name.split("."), other.split(".")
            if not mine or not theirs:
                continue
            if whole == "core" and (other_whole == "pages" or ORDER.index(theirs[0]) > ORDER.index(mine[0])):
                found.append(f"{name} imports {other}, which comes later")
            elif whole == other_whole == "pages" and mine[0] != theirs[0]:
                between_pages[mine[0]].add(theirs[0])
    for number, page in enumerate(BELOW_PAGES):
        later = between_pages.pop(page, set()) - set(BELOW_PAGES[:number])
        found += [f"pages.{page} imports pages.{other}, which comes later" for other in sorted(later)]
    return found + [f"the pages {' and '.join(circle)} import each other" for circle in circles(between_pages)]


def circles(arrows: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that import each other, by Tarjan's strongly connected components."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in arrows.get(name, ()):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            circle = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(circle) > 1:
                found.append(sorted(circle))

    sys.setrecursionlimit(10_000)
    for name in arrows:
        if name not in index:
            visit(name)
    return found


def folders() -> dict[str, tuple[int, int]]:
    """Folder → how many files besides its ``__init__.py``, and how many lines in all."""
    counted: dict[str, tuple[int, int]] = {}
    for path in files():
        name = str(path.parent.relative_to(ROOT))
        n_files, n_lines = counted.get(name, (0, 0))
        n_here = len(path.read_text(encoding="utf-8").splitlines())
        counted[name] = (n_files + (path.name != "__init__.py"), n_lines + n_here)
    return counted


def crowded() -> list[str]:
    """Folders with more than a dozen files."""
    return [f"{name}: {n_files} files" for name, (n_files, _lines) in folders().items() if n_files > MOST_FILES]


def families() -> list[str]:
    """Three files of a folder that begin with the same word."""
    named = [path for path in files() if not path.stem.startswith("_")]
    words = Counter((str(path.parent.relative_to(ROOT)), path.stem.split("_")[0]) for path in named)
    return [f"{folder}/{word}_*: {n} files" for (folder, word), n in words.items() if n >= FAMILY]


def long_pages() -> list[str]:
    """Pages' files and their parts with more lines than a reader takes in."""
    return [f"{dotted(path)}: {n} lines" for path in files() if path.is_relative_to(ROOT / "pages")
            and (n := len(path.read_text(encoding="utf-8").splitlines())) > MOST_PAGE_LINES]  # fmt: skip


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function with the name of the module it stands in."""
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield dotted(path), node


def long_functions() -> list[str]:
    """Functions with more lines than fit a screen."""
    return [
        f"{module}.{node.name}: {n} lines"
        for module, node in functions()
        if (n := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES
    ]


def without_example() -> list[str]:
    """Public functions of core, at the top of their module, whose docstring shows no call."""
    return [
        f"{dotted(path)}.{node.name}"
        for path in files()
        if path.is_relative_to(ROOT / "core")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and ">>>" not in (ast.get_docstring(node) or "")
    ]


def mirrored(path: Path) -> Path:
    """Where a module's tests are: of ``core/a/b.py`` in ``tests/a/test_b.py``, of pages in ``tests/pages``."""
    whole, *parts = path.relative_to(ROOT).parts
    within = parts if whole == "core" or parts[0] == "server" else [whole, *parts]
    return ROOT.joinpath("tests", *within[:-1], f"test_{within[-1]}")


def without_test() -> list[str]:
    """Modules with functions that no test file mirrors; what draws is tried through its page."""
    return [
        dotted(path)
        for path in files()
        if path.name != "__init__.py"
        and "streamlit" not in imports(path, top_level_only=True)
        and any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        and not mirrored(path).is_file()
    ]


def main() -> None:
    """Print the rooms, then what stands against the rules."""
    for name, (n_files, n_lines) in folders().items():
        print(f"{name:40}{n_files:4} files {n_lines:7,} lines")
    arrows = graph(top_level_only=True)
    for title, found in {
        "Imports against the order": against_the_order(graph()),
        "Circles": [" · ".join(circle) for circle in circles(arrows)],
        "Folders of more than a dozen files": crowded(),
        "Files that begin alike": families(),
        f"Files of pages over {MOST_PAGE_LINES} lines": long_pages(),
        f"Functions over {MOST_LINES} lines": long_functions(),
    }.items():
        print(f"\n{title}: {len(found)}", *found, sep="\n  ")
    print(f"\nModules without a test file of their own: {len(without_test())}")
    print(f"\nPublic functions of core without an example: {len(without_example())}")


if __name__ == "__main__":
    main()
