"""An upload's id in somebody else's hands: nothing is read of it, and nothing is deleted."""

from __future__ import annotations

import pytest

from core import run_jobs
from core.data import jobs
from core.data.join import jobs as join_jobs
from core.job_params import JoinParams, JoinPreviewParams, LanguageModelParams, PredictParams, ReadParams
from core.jobs.context import Context
from core.language import jobs as language_jobs
from core.messages import UnusableData
from core.workspace import Workspace, new_id

TABLE = "name,salary\n" + "".join(f"person {n},{n}000\n" for n in range(30))


@pytest.fixture
def home(tmp_path):
    return Workspace(tmp_path / "home")


@pytest.fixture
def upload(home):
    """A file of Ann's."""
    upload = new_id()
    home.upload_folder(upload).mkdir()
    (home.upload_folder(upload) / "salaries.csv").write_text(TABLE)
    home.add_upload(upload, "ann")
    return upload


def as_owner(home, owner: str) -> Context:
    return Context(home, owner, new_id(), home.home / "run")


def read(home, owner: str, **what) -> str:
    dataset = new_id()
    jobs.read(ReadParams(dataset=dataset, name="x", **what).model_dump(), as_owner(home, owner))
    return dataset


@pytest.mark.parametrize("road", ["read", "test file", "second file", "preview", "lab", "scoring"])
def test_somebody_elses_upload_is_not_there(road, home, upload):
    bob = as_owner(home, "bob")
    own = read(home, "bob", paste=TABLE)
    join = JoinParams(key="name", other_key="name", upload=upload)
    roads = {
        "read": lambda: read(home, "bob", uploads=[upload]),
        "test file": lambda: read(home, "bob", paste=TABLE, test_upload=upload),
        "second file": lambda: read(home, "bob", source=own, join=join),
        "preview": lambda: join_jobs.preview(JoinPreviewParams(dataset=own, upload=upload).model_dump(), bob),
        "lab": lambda: language_jobs.corpus_of(LanguageModelParams(source="upload", upload=upload), bob),
        "scoring": lambda: run_jobs._rows(PredictParams(run=own, candidate="x", upload=upload), None, bob),
    }
    with pytest.raises(UnusableData, match="not there any more"):
        roads[road]()
    assert (home.upload_folder(upload) / "salaries.csv").read_text() == TABLE
    assert home.dataset(read(home, "ann", uploads=[upload]), "ann").n_rows == 30  # it is still hers


def test_somebody_elses_upload_is_not_deleted(home, upload):
    home.delete_upload(upload, "bob")
    assert (home.upload(upload, "ann") / "salaries.csv").read_text() == TABLE
    home.delete_upload(upload, "ann")
    assert not home.upload_folder(upload).exists()


def test_somebody_elses_table_is_no_source_of_a_join(home):
    hers, his = read(home, "ann", paste=TABLE), new_id()
    home.upload_folder(his).mkdir()
    (home.upload_folder(his) / "other.csv").write_text(TABLE)
    home.add_upload(his, "bob")
    join = JoinParams(key="name", other_key="name", upload=his)
    with pytest.raises(UnusableData, match="not there any more"):
        read(home, "bob", source=hers, join=join)
