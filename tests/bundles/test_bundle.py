"""A bundle gives back the model that was kept, and nothing that somebody put there."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.pipeline import Pipeline

from core.bundles import archive, bundle
from core.cli.places import put_bundle
from core.data.schema import Column, Schema
from core.encode.engines.unpack_smollm2 import prepared
from core.encode.finetuning import effort
from core.encode.finetuning import encoder as tuned_encoder
from core.explain.shapley.tree_shap import trees_of
from core.fuse.assisted import advice_weight
from core.fuse.candidates import build
from core.fuse.ensemble import Ensemble
from core.fuse.setting import Setting
from core.messages import MismatchedTable, ModelUnavailable, UnreadableFile, say
from core.plan import Plan

FIRST_FORMAT = [  # what it said when it was kept
    *[0.8924384566850302, 0.10756154331496975, 0.8924384566850302],
    *[0.10756154331496975, 0.8924384566850302, 0.1875615433149698],
]
SECOND_FORMAT = [0.9632607062, 0.0070969399, 0.9933599913, 0.0424834692, 0.9766797139, 0.0252654124]
SMALL = {"forest": {"n_estimators": 10}, "extra-trees": {"n_estimators": 10}, "boosting": {"max_iter": 10}}
ROLES = {"note": "text", "plan": "category", "hours": "number", "opened": "date"}


def tickets(n_rows: int = 120) -> pd.DataFrame:
    """Little messages whose words, plan and hours all hint at the answer."""
    chance = np.random.default_rng(0)
    urgent = np.arange(n_rows) % 2 == 0
    return pd.DataFrame(
        {
            "note": np.where(urgent, "the server is down, help now", "a question about the invoice"),
            "plan": np.where(chance.random(n_rows) < 0.8, np.where(urgent, "gold", "free"), "team"),
            "hours": np.where(urgent, 2.0, 30.0) + chance.normal(0, 5, n_rows),
            "opened": pd.date_range("2024-01-01", periods=n_rows, freq="D"),
            "priority": np.where(urgent, "high", "low"),
        }
    )


def schema(roles: dict[str, str] = ROLES) -> Schema:
    """The columns of the tickets."""
    columns = [
        Column(name=name, role=role, guessed=role, reason=say(""), language="en" if role == "text" else "")
        for name, role in roles.items()
    ]
    target = Column(name="priority", role="target", guessed="target", reason=say(""))
    return Schema(columns=[*columns, target], task="binary")


def keep(folder, name: str, target: str = "priority", roles: dict[str, str] = ROLES):
    """A fitted candidate and where it is kept."""
    table = tickets()
    task = "binary" if target == "priority" else "regression"
    plan = Plan(target=target, model_settings=SMALL)
    fitted = build(name, Setting(schema(roles), plan, task)).fit(table[list(roles)], table[target])
    bundle.save(
        fitted, folder, name=name, target=target, schema=schema(roles), rows=table[list(roles)], metric="accuracy"
    )
    return fitted, folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("kept") / "bundle", "cooperative:tfidf")


@pytest.fixture
def copy(kept, tmp_path):
    """A bundle that a test may spoil."""
    return shutil.copytree(kept[1], tmp_path / "copy")


def zipped(folder, path, names: dict[str, str] | None = None):
    with zipfile.ZipFile(path, "w") as packed:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                name = str(file.relative_to(folder))
                packed.write(file, (names or {}).get(name, name))
    return path


def replace_pipeline(folder, thing) -> None:
    """Another object in the bundle, with the manifest telling its true fingerprint."""
    if isinstance(thing, bytes):
        (folder / "pipeline.skops").write_bytes(thing)
    else:
        skops.io.dump(thing, folder / "pipeline.skops")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["pipeline.skops"] = hashlib.sha256((folder / "pipeline.skops").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def inner(candidate):
    """The model of a candidate, which may stand behind what makes its features dense."""
    return candidate.model_.steps[-1][1] if isinstance(candidate.model_, Pipeline) else candidate.model_


MODELS = [
    *("linear", "additive", "svm-linear", "svm-kernel", "tree", "forest", "extra-trees", "boosting", "lightgbm"),
    *("knn", "bayes"),
]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_predicts_the_same_after_a_round_trip(model, tmp_path):
    fitted, folder = keep(tmp_path / "bundle", f"cooperative:tfidf-svd+{model}")
    table = tickets(30)
    scored = bundle.load(folder).predict(table)
    assert list(scored["prediction"]) == list(fitted.predict(table))
    assert np.array_equal(scored[["probability_high", "probability_low"]].to_numpy(), fitted.predict_proba(table))


@pytest.mark.parametrize("model", [name for name in MODELS if name != "bayes"])
def test_numbers_are_predicted_the_same_after_a_round_trip(model, tmp_path):
    roles = {"note": "text", "plan": "category"}
    fitted, folder = keep(tmp_path / "bundle", f"cooperative:bow+{model}", target="hours", roles=roles)
    scored = bundle.load(folder).predict(tickets(30))
    assert list(scored.columns) == ["prediction"]
    assert np.array_equal(scored["prediction"].to_numpy(), fitted.predict(tickets(30)))


@pytest.mark.parametrize("model", ["tree", "forest", "extra-trees", "boosting", "lightgbm"])
def test_the_trees_of_an_opened_bundle_can_be_explained(model, tmp_path):
    fitted, folder = keep(tmp_path / "bundle", f"columns+{model}")
    mine, theirs = (trees_of(inner(one)) for one in (bundle.load(folder).pipeline, fitted))
    assert mine is not None
    assert np.array_equal(mine.values, theirs.values)
    assert np.array_equal(mine.threshold, theirs.threshold)
    assert np.array_equal(mine.left, theirs.left)


def test_a_bundle_of_the_first_format_still_answers_as_it_did():
    """A mixture of a forest, boosting and LightGBM on word counts, kept before trees and words were packed."""
    opened = bundle.load(Path(__file__).parent / "format_1.zip")
    assert opened.manifest.format == 1
    said = opened.predict(tickets(6))["probability_high"]
    assert said.tolist() == pytest.approx(FIRST_FORMAT, abs=1e-12)
    assert trees_of(inner(opened.pipeline.members_[0])) is not None


def test_a_bundle_of_the_second_format_still_answers_as_it_did():
    """A mixture of six ways, kept before its types had their present names."""
    opened = bundle.load(Path(__file__).parent / "format_2.zip")
    assert opened.manifest.format == 2
    assert opened.predict(tickets(6))["probability_high"].tolist() == pytest.approx(SECOND_FORMAT, abs=1e-6)


def test_a_bundle_whose_trees_point_outside_themselves_is_refused(tmp_path):
    fitted, folder = keep(tmp_path / "bundle", "columns+tree")
    tree = inner(fitted).tree_
    state = tree.__getstate__()
    state["nodes"]["feature"][0] = 1_000_000  # scikit-learn would read far outside of the row
    tree.__setstate__(state)
    replace_pipeline(folder, fitted)
    with pytest.raises(UnreadableFile, match="can't be read"):
        bundle.load(folder)


@pytest.mark.parametrize("name", ["dummy", "columns", "text-tfidf"])
def test_every_family_survives_a_round_trip(name, tmp_path):
    fitted, folder = keep(tmp_path / "bundle", name)
    assert list(bundle.load(folder).predict(tickets(30))["prediction"]) == list(fitted.predict(tickets(30)))


SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in ("zero-shot:llm", "cooperative:llm")]


@pytest.mark.parametrize("name", ["questions+linear", *SLOW])
def test_a_folders_language_model_is_asked_again_by_the_bundle_unless_it_changed(
    name, unpacked_models, workspace, tmp_path, monkeypatch
):
    place = shutil.copytree(prepared(unpacked_models), tmp_path / "models" / "small")
    monkeypatch.chdir(tmp_path / "models")
    table, columns = tickets(12), ["note", "hours"]
    plan = Plan(
        target="priority", language_model="small", questions=["Is a server down?"], encoders={"note": {"name": "llm"}}
    )
    setting = Setting(schema({"note": "text", "hours": "number"}), plan, "binary")
    fitted = build(name, setting).fit(table[columns], table["priority"])
    bundle.save(fitted, tmp_path / "bundle", name=name, target="priority", schema=setting.schema, rows=table[columns],
                metric="accuracy")  # fmt: skip
    monkeypatch.chdir(tmp_path)  # its path was taken from another folder
    scored = bundle.load(tmp_path / "bundle").predict(table)
    expected = fitted.predict_proba(table[columns])
    assert scored[["probability_high", "probability_low"]].to_numpy() == pytest.approx(expected, abs=1e-6)
    with pytest.raises(UnreadableFile, match="does not come with Amalgam"):
        bundle.load(tmp_path / "bundle", foreign=True)
    (place / "chat_template.jinja").write_text("{{ messages[0]['content'] }}")
    with pytest.raises(ModelUnavailable, match="not the one this was trained with"):
        bundle.load(tmp_path / "bundle").predict(table)


@pytest.fixture(scope="module")
def tuned(tmp_path_factory):
    return keep(tmp_path_factory.mktemp("tuned") / "bundle", "cooperative-tuned:minilm@top")


def test_a_tuned_encoder_keeps_its_weights_beside_the_pipeline(tuned, tmp_path):
    fitted, folder = tuned
    weights = folder / "weights" / "1.safetensors"
    assert weights.stat().st_size > 1_000_000
    assert (folder / "pipeline.skops").stat().st_size < 1_000_000
    manifest = json.loads((folder / "manifest.json").read_text())
    assert "weights/1.safetensors" in manifest["files"]
    assert "minilm@" in str(manifest["encoders"])
    expected = fitted.predict_proba(tickets(30))
    put_bundle(folder, tmp_path / "by-command.zip")
    for place in (folder, zipped(folder, tmp_path / "bundle.zip"), tmp_path / "by-command.zip"):
        scored = bundle.load(place).predict(tickets(30))
        assert np.array_equal(scored[["probability_high", "probability_low"]].to_numpy(), expected)


def test_a_student_is_kept_without_its_teacher(tmp_path, monkeypatch):
    honest = advice_weight.chosen
    monkeypatch.setattr(advice_weight, "chosen", lambda tried: honest(tried).model_copy(update={"value": 0.5}))
    monkeypatch.setattr(effort, "n_epochs", lambda n_rows: 1)
    fitted, folder = keep(tmp_path / "bundle", "distilled:minilm@top")
    expected = fitted.predict_proba(tickets(30))

    def refuse(*_asked):
        raise AssertionError("the language model is not needed any more")

    monkeypatch.setattr(tuned_encoder, "load", refuse)
    monkeypatch.setattr(tuned_encoder, "locate", refuse)
    opened = bundle.load(folder)
    assert opened.pipeline.trust_ == 0.5
    assert not hasattr(opened.pipeline, "teacher_")
    assert opened.manifest.encoders == {}
    assert {file.name for file in folder.rglob("*")} == {"manifest.json", "pipeline.skops", "background.parquet"}
    assert (folder / "pipeline.skops").stat().st_size < 100_000
    scored = opened.predict(tickets(30))
    assert np.array_equal(scored[["probability_high", "probability_low"]].to_numpy(), expected)


def test_a_mixture_comes_back_with_its_tuned_member(tmp_path):
    table, plan = tickets(), Plan(target="priority")
    setting = Setting(schema(), plan, "binary", n_rows=len(table))
    members = [(name, build(name, setting)) for name in ("columns", "cooperative-tuned:minilm@top")]
    mixed = Ensemble(members, [0.4, 0.6], "binary").fit(table[list(ROLES)], table["priority"])
    bundle.save(
        mixed,
        tmp_path / "b",
        name="auto",
        target="priority",
        schema=schema(),
        rows=table[list(ROLES)],
        metric="accuracy",
    )
    opened = bundle.load(tmp_path / "b")
    assert list((tmp_path / "b" / "weights").glob("*.safetensors"))
    said = opened.predict(table[list(ROLES)])
    assert said["probability_high"].to_numpy() == pytest.approx(mixed.predict_proba(table[list(ROLES)])[:, 0], abs=1e-6)


def test_changed_or_unvouched_weights_are_refused(tuned, tmp_path):
    copy = shutil.copytree(tuned[1], tmp_path / "copy")
    weights = copy / "weights" / "1.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(UnreadableFile, match=r"weights/1\.safetensors"):
        bundle.load(copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["files"]["weights/1.safetensors"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFile, match="can't be read"):
        bundle.load(copy)


def test_a_zip_is_as_good_as_a_folder(kept, tmp_path):
    opened = bundle.load(zipped(kept[1], tmp_path / "bundle.zip"))
    assert opened.predict(tickets()).equals(bundle.load(kept[1]).predict(tickets()))
    assert opened.manifest.classes == ["high", "low"]
    assert len(opened.background) == 120


def test_training_rows_can_be_left_out(kept, tmp_path):
    rows = tickets()[list(ROLES)]
    bundle.save(kept[0], tmp_path / "bare", name="x", target="priority", schema=schema(), rows=rows, background=False)
    assert not (tmp_path / "bare" / "background.parquet").exists()
    assert bundle.load(tmp_path / "bare").background is None


def test_columns_may_come_in_any_order_with_others_between(kept):
    opened, table = bundle.load(kept[1]), tickets()
    mixed = table[["opened", "priority", "hours", "note", "plan"]].assign(extra="?")
    assert opened.predict(mixed).equals(opened.predict(table))


def test_a_lacking_column_is_named(kept):
    with pytest.raises(MismatchedTable, match="“hours”") as caught:
        bundle.load(kept[1]).predict(tickets().drop(columns="hours"))
    assert caught.value.hint is not None


def test_a_word_where_a_number_belongs_is_shown_with_its_row(kept):
    table = tickets().astype({"hours": object})
    table.loc[4, "hours"] = "a while"
    with pytest.raises(MismatchedTable, match=r"“hours”.*row 5.*“a while”"):
        bundle.load(kept[1]).predict(table)


def test_a_word_where_a_date_belongs_is_shown_with_its_row(kept):
    table = tickets().astype({"opened": str})
    table.loc[2, "opened"] = "soon"
    with pytest.raises(MismatchedTable, match=r"“opened”.*row 3.*“soon”"):
        bundle.load(kept[1]).predict(table)


def test_numbers_and_dates_may_come_as_text(kept):
    opened = bundle.load(kept[1])
    words = tickets().astype({"hours": str, "opened": str})
    assert opened.predict(words).equals(opened.predict(tickets()))


def test_an_unseen_category_is_scored_and_noted(kept):
    opened, table = bundle.load(kept[1]), tickets()
    table.loc[0, "plan"] = "platinum"
    table.loc[1, "plan"] = None
    assert len(opened.predict(table)) == len(table)
    notes = [str(note) for note in opened.check(table)]
    assert len(notes) == 1
    assert "“plan”" in notes[0]
    assert "“platinum”" in notes[0]
    assert opened.check(tickets()) == []


def test_empty_cells_are_scored(kept):
    table = tickets(5)
    table.loc[0, ["note", "plan"]] = None
    table.loc[0, "hours"] = np.nan
    table.loc[0, "opened"] = pd.NaT
    assert bundle.load(kept[1]).predict(table)["prediction"].notna().all()


@pytest.mark.parametrize("name", ["pipeline.skops", "background.parquet"])
def test_a_changed_file_is_refused(copy, name):
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(UnreadableFile, match=name):
        bundle.load(copy)


def test_a_missing_model_is_refused(copy):
    (copy / "pipeline.skops").unlink()
    with pytest.raises(UnreadableFile, match=r"pipeline\.skops"):
        bundle.load(copy)


def test_a_model_that_the_manifest_does_not_vouch_for_is_refused(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["files"]["pipeline.skops"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFile, match=r"pipeline\.skops"):
        bundle.load(copy)


class Stranger:
    """Something that no bundle of ours holds."""


def test_a_type_that_is_not_on_the_list_is_refused(copy):
    replace_pipeline(copy, Stranger())
    with pytest.raises(UnreadableFile, match="Stranger"):
        bundle.load(copy)


def test_a_call_hidden_in_the_model_is_refused(copy):
    replace_pipeline(copy, [shutil.rmtree])
    with pytest.raises(UnreadableFile, match=r"shutil\.rmtree"):
        bundle.load(copy)


@pytest.mark.parametrize("thing", [b"no zip at all", {"a": "dict"}])
def test_what_is_no_candidate_is_refused(copy, thing):
    replace_pipeline(copy, thing)
    with pytest.raises(UnreadableFile, match="can't be read"):
        bundle.load(copy)


def test_a_zip_that_climbs_out_of_its_folder_is_refused(kept, tmp_path):
    sly = zipped(kept[1], tmp_path / "sly.zip", {"background.parquet": "../../escaped.parquet"})
    with pytest.raises(UnreadableFile, match="outside"):
        bundle.load(sly)
    assert not list(tmp_path.parent.rglob("escaped.parquet"))


def test_a_manifest_that_lists_a_place_outside_is_refused(copy, tmp_path):
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["../../escaped.parquet"] = manifest["files"].pop("background.parquet")
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(UnreadableFile, match="outside"):
        bundle.load(zipped(copy, tmp_path / "sly.zip", {"background.parquet": "../../escaped.parquet"}))
    assert not list(tmp_path.parent.rglob("escaped.parquet"))


def test_a_zip_bomb_is_refused(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", b"0" * 1_100_000)
    with pytest.raises(UnreadableFile, match="too much"):
        bundle.load(tmp_path / "bomb.zip")


def test_a_bomb_inside_the_model_is_refused(copy, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 1_000_000)
    with zipfile.ZipFile(tmp_path / "inner", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("schema.json", b" " * 1_100_000)
    replace_pipeline(copy, (tmp_path / "inner").read_bytes())
    with pytest.raises(UnreadableFile, match="too much"):
        bundle.load(copy)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"no zip", b""])
def test_a_file_that_is_no_bundle_is_refused(tmp_path, content):
    (tmp_path / "bundle.zip").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"“bundle\.zip” is not a bundle"):
        bundle.load(tmp_path / "bundle.zip")


def test_a_bundle_of_a_newer_format_is_refused(copy):
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(UnreadableFile, match="newer"):
        bundle.load(copy)
