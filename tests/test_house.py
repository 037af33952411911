"""The order of the house: what may import what, what the web process never loads, which words are translated."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from scripts import house, picture, words

ROOT = Path(__file__).parent.parent
HEAVY = {
    "torch",
    "transformers",
    "shap",
    "sklearn",
    "sentence_transformers",
    "numba",
    "lightgbm",
    "skrub",
    "ctranslate2",
}
CORE = sorted((ROOT / "core").rglob("*.py"))
WEB = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]


def module_file(name: str) -> Path | None:
    path = ROOT.joinpath(*name.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def test_imports_point_one_way():
    assert house.against_the_order(house.graph()) == []


def test_no_modules_import_each_other():
    assert house.circles(house.graph(top_level_only=True)) == []


def test_a_circle_is_found():
    assert house.circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [["b", "c"]]


def test_an_import_of_a_later_room_is_found():
    assert house.against_the_order({"core.data.table": {"core.explain.background"}}) != []
    assert house.against_the_order({"core.data.table": {"pages.shared.state"}}) != []
    assert house.against_the_order({"pages.shared.state": {"pages.data.page"}}) != []
    assert house.against_the_order({"pages.lab.page": {"pages.data.add"}, "pages.data.add": {"pages.lab.page"}}) != []
    assert house.against_the_order({"pages.lab.page": {"pages.data.add"}, "core.fuse.auto": {"core.data.table"}}) == []


def test_a_folder_holds_a_dozen_files_and_no_families():
    assert house.crowded() == []
    assert house.families() == []


def test_no_module_hides_a_folder_of_its_name():
    """`charts.py` beside `charts/` would be imported in its place."""
    assert [str(path) for path in house.files() if path.name != "__init__.py" and path.with_suffix("").is_dir()] == []


def test_the_web_process_reaches_no_heavy_library():
    seen, waiting_files = set(), list(WEB)
    while waiting_files:
        path = waiting_files.pop()
        if path in seen:
            continue
        seen.add(path)
        for name in house.imports(path):
            assert name.split(".")[0] not in HEAVY, f"{path.relative_to(ROOT)} imports {name}"
            if (file := module_file(name)) is not None:
                waiting_files.append(file)
    assert ROOT / "core" / "workspace.py" in seen


def test_the_picture_shows_the_imports_as_they_are():
    document = picture.DOCUMENT.read_text(encoding="utf-8")
    assert picture.drawn(document) == document


def test_pages_are_short():
    pages = [path for path in WEB if path.name == "page.py"]
    assert len(pages) == 9
    assert [str(path) for path in pages if len(path.read_text().splitlines()) > house.MOST_PAGE_LINES] == []
    assert house.long_pages() == []


def test_functions_fit_a_screen():
    assert house.long_functions() == []


def test_nothing_unsafe_is_rendered_or_loaded():
    pattern = re.compile(
        r"unsafe_allow_html\s*=\s*True|st\.html\(|pickle\.load|joblib\.load|trust_remote_code\s*=\s*True"
        r"|weights_only\s*=\s*False|shell\s*=\s*True"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match}" for path in [*CORE, *WEB] for match in pattern.findall(path.read_text())
    ]
    assert not found


@pytest.mark.parametrize("language", ["zh_CN"])
def test_every_sentence_is_translated(language):
    assert words.waiting(language) == []


def test_no_sentence_hides_from_the_catalogue():
    """What collects the sentences does not look into formatted strings."""
    found = []
    for path in [*CORE, *WEB]:
        for outer in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(outer, ast.JoinedStr):
                calls = [node for node in ast.walk(outer) if isinstance(node, ast.Call)]
                found += [
                    f"{path.relative_to(ROOT)}:{call.lineno}"
                    for call in calls
                    if isinstance(call.func, ast.Name) and call.func.id in words.KEYWORDS
                ]
    assert not found


@pytest.mark.parametrize("language", ["zh_CN"])
def gaps(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", ["zh_CN"])
def test_translations_fill_the_same_gaps(language):
    for message in words.read_catalogue(language):
        if message.id and message.pluralizable:
            assert gaps(message.id[0]) <= gaps(message.id[1]), message.id
            assert all(gaps(text) == gaps(message.id[1]) for text in message.string if text), message.id
        elif message.id and message.string:
            assert gaps(message.id) == gaps(message.string), message.id


COUNTED = re.compile(  # “{n:,} different rows”, but neither “{n} of {all} rows” nor “row {row} into columns”
    r"(?<!of )(?<!first )(?<!(?:most|east) )\{(?!row|kind|loss)[a-z_]+(?::,)?\}\** (?:[a-z]+ )?"
    r"(?:rows|columns|values|texts|words|jobs|candidates|trees|folds|tokens|lines|documents|models|classes|groups)\b"
)
NEVER_ONE = (  # how sentences begin whose number is a constant or large, or which have another sentence for one
    "{target}: {task}, {n} rows", "{share:.0%} of its {n:,} different values", "The table has {n} columns; at most",
    "{share} of {n} rows are too few", "“{column}” has {n} different values in {rows} rows",
    "“{column}” has {n} classes; at most", "Training it again with shuffled labels would take too long",
    "Of {n} candidates, screened on {folds} inner folds, a mixture", "There are too few examples to learn from",
    "{network} of {n} million weights", "A vocabulary of {n} is too small", "{n} texts · {time}",
    "Over many rows {n} masked texts", "Learned from texts of the table", "Nearest in the features the model sees",
    "{n} joint candidates for each encoder", "Ranked by {metric} over {folds} folds",
    "“{column}” repeats: {n:,} values", "“{column}” repeats ({n:,} values", "It has {n} fixed texts",
    "shap {version} · its background is the same", "It says whose row each is: {n} values",
    "{n:,} of {rows:,} rows nearly repeat", "Classes of “{column}” with fewer than {least} rows",
    "Every class of “{column}” has fewer than {least} rows",
)  # fmt: skip


def test_what_is_counted_has_a_singular():
    alone = [message.id for message in words.template() if message.id and not message.pluralizable]
    assert [text for text in alone if COUNTED.search(text) and not text.startswith(NEVER_ONE)] == []
    assert [start for start in NEVER_ONE if not any(text.startswith(start) for text in alone)] == []


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_sentence_that_counts_says_what_it_counts(path):
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_n":
            _one, other, *counts = [ast.literal_eval(argument) for argument in call.args]
            assert (counts or ["n"])[0] in gaps(other), f"{path}:{call.lineno}"


def test_no_path_of_a_machine_stands_in_the_code():
    pattern = re.compile(r"(?<![\w/])/(work|root|home/\w+|Users/\w+)/")
    found = [str(path) for path in [*CORE, *WEB] if pattern.search(path.read_text(encoding="utf-8"))]
    assert not found
