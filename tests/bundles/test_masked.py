"""A masked value never reaches an encoder, a bundle, an explanation or a cache: neither in training nor in new rows."""

from __future__ import annotations

import json
import zipfile

import numpy as np
import pandas as pd
import pytest

from core.__main__ import main
from core.bundles import bundle
from core.compare.prepare import prepare
from core.data import jobs as data_jobs
from core.data import overrides, reading, table
from core.data.roles import columns
from core.data.schema import ReadOptions, Schema, read_model, write_model
from core.explain.open_candidate import OpenCandidate
from core.explain.row.what_if import edited
from core.fuse.columns import TextColumn
from core.job_params import ReadParams
from core.jobs.context import Context
from core.messages import UnusableData
from core.plan import Plan
from pages.shared.terminal import flags

OWNER = "masked"
SECRETS = ["ann.lee@mail3.example.com", "+49 30 901820", "new.person@web.de"]


def tickets(n: int = 80, secret: str = SECRETS[0]) -> pd.DataFrame:
    dice = np.random.default_rng(0)
    bad = np.arange(n) % 2 == 0
    note = np.where(bad, "it broke again and nobody answers", "works well and came quickly")
    told = [f", mail {secret}" if place % 4 == 0 else f", call {SECRETS[1]}" for place in range(n)]
    return pd.DataFrame(
        {
            "note": [f"{text} number {place}{more}" for place, (text, more) in enumerate(zip(note, told, strict=True))],
            "hours": dice.normal(10, 3, n).round(2),
            "mood": np.where(bad, "bad", "good"),
        }
    )


@pytest.fixture
def heard(monkeypatch) -> list[str]:
    """Every text that a text column gives to its encoder."""
    texts: list[str] = []
    real = TextColumn.texts

    def recording(self, frame):
        found = real(self, frame)
        texts.extend(text for text in found if text is not None)
        return found

    monkeypatch.setattr(TextColumn, "texts", recording)
    return texts


@pytest.fixture
def fitted(tmp_path, workspace, heard):
    """A bundle trained on masked notes, and what its encoder heard."""
    tickets().to_csv(tmp_path / "a.csv", index=False)
    arguments = [
        "fit",
        str(tmp_path / "a.csv"),
        "--target",
        "mood",
        "--candidate",
        "cooperative:tfidf",
        "--mask",
        "note",
    ]
    assert main([*arguments, "--out", str(tmp_path / "bundle"), "--quiet"]) == 0
    return tmp_path / "bundle"


def holds_none(text: str) -> bool:
    return not any(secret in text for secret in SECRETS)


def test_no_encoder_hears_it_in_training(fitted, heard):
    assert heard
    assert holds_none("\n".join(heard))
    assert any("<e-mail " in text for text in heard)


def test_no_encoder_hears_it_in_new_rows_and_the_file_keeps_its_own(fitted, heard, tmp_path):
    heard.clear()
    tickets(12, secret=SECRETS[2]).drop(columns="mood").to_csv(tmp_path / "new.csv", index=False)
    assert main(["predict", str(fitted), str(tmp_path / "new.csv"), "--out", str(tmp_path / "out.csv"), "--quiet"]) == 0
    assert heard
    assert holds_none("\n".join(heard))
    assert SECRETS[2] in (tmp_path / "out.csv").read_text()  # the rows beside the answers are the user's own


def test_no_explanation_shows_it(fitted, heard, tmp_path, capfd):
    heard.clear()
    tickets(4).to_csv(tmp_path / "new.csv", index=False)
    capfd.readouterr()
    assert main(["explain", str(fitted), str(tmp_path / "new.csv"), "--rows", "0,1", "--json", "--quiet"]) == 0
    told = capfd.readouterr().out
    assert json.loads(told)["rows"]
    assert holds_none(told + "\n".join(heard))


def test_no_file_of_the_bundle_holds_it(fitted):
    with zipfile.ZipFile(fitted / "pipeline.skops") as packed:
        parts = [packed.read(name) for name in packed.namelist()]
    background = pd.read_parquet(fitted / "background.parquet")
    whole = b"".join([*parts, (fitted / "manifest.json").read_bytes(), background.to_csv().encode()])
    assert holds_none(whole.decode("utf-8", "replace"))


def test_the_same_value_has_the_same_pseudonym_in_new_rows(fitted):
    opened = bundle.load(fitted)
    masked = opened.masked(tickets(4))["note"][0]
    pseudonym = masked.split("mail ")[1]
    assert any(pseudonym in note for note in opened.background["note"])
    assert masked == opened.masked(opened.masked(tickets(4)))["note"][0]


def test_what_is_typed_into_a_row_is_masked_before_the_model_sees_it(fitted, heard, workspace, tmp_path):
    context = Context(workspace, OWNER, "0" * 32, tmp_path, lambda *_told: None, threads=1)
    model = OpenCandidate(bundle.load(fitted), tickets(6), context)
    heard.clear()
    row = edited(model, 2, {"note": f"write to {SECRETS[2]}"})
    model.outputs(row)
    assert SECRETS[2] not in "\n".join([*heard, row["note"].iloc[0]])
    assert "<e-mail " in row["note"].iloc[0]


def data_set(folder) -> Schema:
    tickets().to_csv(folder / "a.csv", index=False)
    reading.read_files([folder / "a.csv"], ReadOptions(), folder)
    schema = columns.guess(folder / "table.parquet", "mood")
    write_model(schema, folder / "schema.json")
    return schema


def test_a_mask_of_the_data_page_and_one_of_the_plan_give_the_same_rows(tmp_path):
    schema = data_set(tmp_path)
    by_plan = prepare(table.load(tmp_path), schema, Plan(target="mood", mask=["note"]))
    overrides.decide(tmp_path, "note", "mask")
    masked = read_model(Schema, tmp_path / "schema.json")
    by_page = prepare(table.load(tmp_path), masked, Plan(target="mood"))
    assert by_plan.X.equals(by_page.X)
    assert holds_none(by_plan.X.to_csv())
    assert flags.masks(masked) == ["--mask", "note"]
    assert flags.of_plan(Plan(target="mood", mask=["note"]))[-2:] == ["--mask", "note"]


def test_a_mask_for_a_column_that_is_not_there_is_refused(tmp_path):
    schema = data_set(tmp_path)
    with pytest.raises(UnusableData, match="no column “notes”"):
        prepare(table.load(tmp_path), schema, Plan(target="mood", mask=["notes"]))


def test_the_command_says_what_is_read_as_it_stands(tmp_path, workspace, capfd):
    tickets().to_csv(tmp_path / "a.csv", index=False)
    arguments = ["fit", str(tmp_path / "a.csv"), "--target", "mood", "--candidate", "dummy"]
    assert main([*arguments, "--out", str(tmp_path / "bundle")]) == 0
    told = capfd.readouterr().err
    assert "“note” holds e-mail addresses (20 cells), phone numbers (60 cells)." in told
    assert "--mask" in told


def test_a_listed_table_is_masked_as_its_run_was_and_stays_so_when_read_again(tmp_path, workspace):
    tickets().to_csv(tmp_path / "a.csv", index=False)
    arguments = ["compare", str(tmp_path / "a.csv"), "--target", "mood", "--candidates", "dummy", "--mask", "note"]
    assert main([*arguments, "--holdout", "0.3", "--register", "--owner", OWNER, "--quiet", "--json"]) == 0
    dataset = workspace.datasets(OWNER)[0].id
    folder = workspace.dataset_folder(dataset)
    assert holds_none(table.load(folder).to_csv())
    context = Context(workspace, OWNER, "0" * 32, tmp_path, lambda *_told: None, threads=1)
    data_jobs.read(ReadParams(dataset=dataset, name="again", source=dataset).model_dump(), context)
    assert read_model(Schema, folder / "schema.json").column("note").masked
    assert holds_none((folder / "report.json").read_text())
