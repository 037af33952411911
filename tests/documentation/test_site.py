"""The documentation: a page for each room, words that stand on the screen, commands that exist, no network."""

from __future__ import annotations

import ast
import re
import shlex
import struct

import pytest

from core.cli.arguments import COMMANDS, parser
from scripts import house, picture, words
from scripts.website import reference

DOCS = house.ROOT / "docs"
TASKS = sorted((DOCS / "tasks").glob("*.md"))
PAGES = sorted(DOCS.rglob("*.md"))
CONFIGURATION = (house.ROOT / "mkdocs.yml").read_text(encoding="utf-8")
MOST_BYTES, WIDTH = 150_000, 1280


def text(path):
    return path.read_text(encoding="utf-8")


def names(paths):
    return [str(path.relative_to(DOCS)) for path in paths]


def test_every_public_module_of_core_is_in_the_reference_once():
    listed = re.findall(r"^::: (\S+)$", "\n".join(reference.pages().values()), re.MULTILINE)
    wanted = set()
    for path in (house.ROOT / "core").rglob("*.py"):
        defined = [node for node in ast.parse(text(path)).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        if any(not node.name.startswith("_") for node in defined) and path.name != "__main__.py":
            wanted.add(house.dotted(path))
    assert sorted(listed) == sorted(wanted)


def test_the_menu_of_the_reference_leads_to_its_pages():
    assert {path for entry in reference.menu() for path in entry.values()} == set(reference.pages())


def test_an_example_without_a_heading_is_fenced():
    assert "```pycon\n>>> f(1)\n2\n```" in reference.fenced("Add one.\n\n>>> f(1)\n2\n")


def test_an_example_under_its_heading_is_left_to_the_parser():
    docstring = "Add one.\n\nExamples\n--------\n>>> f(1)\n2\n\n>>> f(2)\n3\n"
    assert reference.fenced(docstring) == docstring


def test_an_example_after_another_section_is_fenced():
    docstring = "Add one.\n\nExamples\n--------\n>>> f(1)\n2\n\nParameters\n----------\nx : int\n\n>>> f(2)\n3"
    assert reference.fenced(docstring).count("```pycon") == 1


def test_the_site_draws_the_rooms_without_mermaid():
    drawn, rooms = picture.as_svg(text(picture.DOCUMENT)), picture.rooms()
    assert "mermaid" not in drawn
    for room, used in rooms.items():
        assert all(f">{name}</text>" in drawn for name in {room, *used})
    assert drawn.count('marker-end="url(#tip)"') == sum(map(len, picture.reduced(rooms).values()))
    assert "## The life of a click" in drawn


def test_every_page_is_in_the_menu():
    listed = re.findall(r": ([\w/]+\.md)$", CONFIGURATION, re.MULTILINE)
    assert sorted(listed) == sorted(names(PAGES))


def test_nothing_comes_from_the_network():
    assert "font: false" in CONFIGURATION
    assert "polyfills: [iframe-worker.js]" in CONFIGURATION
    for content in (CONFIGURATION, *map(text, PAGES), text(DOCS / "site.css"), text(DOCS / "iframe-worker.js")):
        assert not re.search(r"https?://(?!localhost|\w+\.example\b)|@import", content)


@pytest.mark.parametrize("page", TASKS, ids=names(TASKS))
def test_a_task_has_one_picture_that_is_small_and_said_in_words(page):
    ((said, file),) = re.findall(r"!\[(.*?)\]\((.+?)\)", text(page))
    content = (page.parent / file).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">I", content[16:20]) == (WIDTH,)
    assert len(content) < MOST_BYTES
    assert len(said.split()) > 5


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\((?!http)([^)#]+)", text(page)):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", TASKS, ids=names(TASKS))
def test_what_is_said_to_stand_on_the_screen_does(page):
    known = set()
    for message in words.read_catalogue("zh_CN"):
        known |= {message.id} if isinstance(message.id, str) else set(message.id)
    for shown in re.findall(r"\*\*(.+?)\*\*", text(page)):
        assert {shown, f"**{shown}**"} & known, shown


@pytest.mark.parametrize("page", TASKS, ids=names(TASKS))
def test_commands_can_be_typed_as_they_stand(page, capsys):
    commands = re.findall(r"^python -m core (.+)$", text(page), re.MULTILINE)
    assert commands
    for command in commands:
        given = shlex.split(command, comments=True)
        parser().parse_args(given)  # exits where it does not know a flag
        for part in given:
            assert not part.startswith("assets/") or (house.ROOT / part).exists(), part


def test_every_command_is_in_the_table():
    listed = re.findall(r"^\| `(\w+)` \|", text(DOCS / "tasks" / "terminal.md"), re.MULTILINE)
    assert listed == list(COMMANDS)


def test_the_tools_are_pinned():
    lines = text(house.ROOT / "requirements-docs.txt").split()
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", line) for line in lines)
    assert next(line for line in lines if line.startswith("ruff")) in text(house.ROOT / "requirements-dev.txt")
