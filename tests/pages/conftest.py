"""A real workspace with real data sets, and the whole app on it without a browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.data import jobs
from core.job_params import ReadParams
from core.jobs.context import Context
from core.workspace import Workspace, new_id
from tests.pages import trained

ROOT = Path(__file__).parent.parent.parent
ROUTER = ROOT / "pages" / "shared" / "router.py"
OWNER = "tester"


@pytest.fixture
def workspace(tmp_path, monkeypatch) -> Workspace:
    """An empty workspace, where the app will look too."""
    monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
    return Workspace(tmp_path / "home")


@pytest.fixture
def reader(workspace, tmp_path) -> Callable[..., str]:
    """Reads a table as the job does.  →  the data set's id"""

    def read(**params) -> str:
        wanted = ReadParams(**{"dataset": new_id(), "name": "table"} | params)
        work = Context(workspace=workspace, owner=OWNER, job=new_id(), folder=tmp_path)
        jobs.read(wanted.model_dump(), work)
        return wanted.dataset

    return read


@pytest.fixture
def tickets(reader) -> str:
    """The bundled support tickets."""
    return reader(sample="tickets", name="Support tickets")


@pytest.fixture
def app(workspace) -> AppTest:
    """The app as this owner's browser would open it, not yet run."""
    page = AppTest.from_file(str(ROUTER), default_timeout=30)
    page.session_state["owner"] = OWNER
    return page


@pytest.fixture
def open_page(app) -> Callable[[str], AppTest]:
    """Opens a page of the app by its folder's name: ``data``."""

    def opened(name: str) -> AppTest:
        app.run()
        app.switch_page(str(ROOT / "pages" / name / "page.py"))
        return app.run()

    return opened


def words(page: AppTest) -> str:
    """Everything that is written on a page and in its sidebar, as Markdown."""
    kinds = ("title", "subheader", "markdown", "caption", "text", "warning", "info", "error", "success")
    return "\n".join(str(element.value) for kind in kinds for element in page.get(kind))


@pytest.fixture(scope="session")
def homes(tmp_path_factory) -> Callable[[str], Path]:
    """Home folders with something trained in them, each made once."""
    made: dict[str, Path] = {}

    def home(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name) / "home"
            getattr(trained, f"{name}_home")(made[name])
        return made[name]

    return home


@pytest.fixture
def finished(homes, tmp_path, monkeypatch) -> Callable[[str], Workspace]:
    """A copy of a trained home, where the app will look."""

    def copied(name: str) -> Workspace:
        shutil.copytree(homes(name), tmp_path / "home", dirs_exist_ok=True)
        monkeypatch.setenv("AMALGAM_HOME", str(tmp_path / "home"))
        return Workspace(tmp_path / "home")

    return copied
