"""The Compare page: the sentence makes the plan, the plan becomes a job, and the command says the same."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from core import catalog
from core.__main__ import main
from core.catalog.defaults import all_candidates, usual_candidates
from core.data.schema import Schema, read_model, write_model
from core.encode.engines.unpack_smollm2 import packed_file
from core.job_params import CompareParams, GenerateParams
from core.jobs import client
from core.plan import EncoderChoice, Plan, Rule, Search, Validation
from core.results.comparison import Answer, CandidateResult, Comparison
from pages.compare.choose import choose_form
from pages.compare.choose.families import Family
from pages.shared import names
from pages.shared.charts import chart_theme
from pages.shared.markup import plain
from pages.shared.runs.board import dots, ranking
from pages.shared.terminal import command
from tests.pages import trained
from tests.pages.conftest import OWNER, ROOT, words


def submitted(workspace) -> Plan:
    """The plan of the newest comparison that was asked for."""
    return CompareParams.model_validate(client.jobs(workspace, OWNER, kind="compare")[0].params).plan


def press(page, label: str):
    return next(button for button in page.button if button.label == label).click().run()


def test_without_a_table_the_page_says_what_to_do(open_page):
    page = open_page("compare")
    assert not page.exception
    assert page.button(key="missing-data").label == "Go to Data"


def test_one_press_trains_the_usual_candidates(open_page, tickets, workspace):
    page = open_page("compare")
    assert not page.exception
    press(page, "Compare")
    assert not page.exception
    plan = submitted(workspace)
    assert plan.target == "priority"
    assert plan.candidates == usual_candidates(1, 5, "multiclass")
    assert "starting" in words(page)


def test_while_one_comparison_waits_no_second_one_is_started(open_page, tickets, workspace):
    page = open_page("compare")
    press(page, "Compare")
    assert next(button for button in page.button if button.label == "Compare").disabled
    assert any(button.label == "Cancel" for button in page.button)


def test_everything_chosen_by_hand_reaches_the_plan(open_page, tickets, workspace):
    key = f"plan-{tickets}"
    page = open_page("compare")
    page.segmented_control(key=f"{key}-mode").set_value("own").run()
    assert not page.exception
    page.multiselect(key=f"{key}-models").set_value(["svm-linear", "knn"])
    page.selectbox(key=f"{key}-text-message-encoder").set_value("minilm").run()
    page.selectbox(key=f"{key}-text-message-pooling").set_value("max")
    page.toggle(key=f"{key}-text-message-pca").set_value(True)
    page.number_input(key=f"{key}-knn-n_neighbors").set_value(7)
    page.toggle(key=f"{key}-balanced").set_value(True)
    page.segmented_control(key=f"{key}-search").set_value("trials")
    page.segmented_control(key=f"{key}-validation").set_value("holdout")
    page.selectbox(key=f"{key}-rows").set_value(200)
    page.number_input(key=f"{key}-seed").set_value(5)
    page.toggle(key=f"{key}-learning").set_value(True).run()
    page.slider(key=f"{key}-fraction").set_value(20).run()
    assert not page.exception
    press(page, "Compare")
    assert submitted(workspace) == Plan(
        target="priority",
        task="multiclass",
        candidates=[
            *["dummy", "columns", "classical+svm-linear", "classical+knn"],
            *["cooperative+svm-linear", "cooperative+knn"],
        ],
        encoders={"message": EncoderChoice(name="minilm", pooling="max", pca_variance=0.9)},
        model_settings={"knn": {"n_neighbors": 7}},
        balanced=True,
        search=Search(trials=20),
        validation=Validation(kind="holdout", fraction=0.2),
        rows=200,
        seed=5,
        learning_curve=True,
    )


@pytest.mark.parametrize(
    "plan",
    [
        Plan(
            target="priority",
            task="multiclass",
            drop=["seats"],
            candidates=["dummy", "columns+tree", "text-tfidf+tree", "cooperative+tree", "cooperative:e5+tree"],
            encoders={"message": EncoderChoice(name="minilm", pooling="max", layer=3, pca_variance=0.8)},
            model_settings={"tree": {"max_depth": 4}},
            search=Search(trials=500, budget_seconds=90.0),
            validation=Validation(kind="holdout", fraction=0.3, stratify=False),
            rows=500,
            seed=7,
            learning_curve=True,
            budget_seconds=300.0,
        ),
        Plan(
            target="priority",
            task="multiclass",
            keep=["ticket_id"],
            candidates=["dummy", "text-tfidf", "zero-shot"],
            descriptions={"high": "Somebody needs help at once."},
        ),
        Plan(
            target="priority",
            task="multiclass",
            candidates=all_candidates(1, 5, "multiclass"),
            budget_seconds=60.0,
        ),
        Plan(
            target="priority",
            task="multiclass",
            candidates=usual_candidates(1, 5, "multiclass"),
            validation=Validation(group="seats"),
        ),
        Plan(
            target="priority",
            task="multiclass",
            candidates=[
                "dummy",
                "cooperative-tuned+linear@top",
                "cooperative-tuned+linear@pairs",
                "cooperative-tuned:e5+linear@top",
                "cooperative-tuned:e5+linear@pairs",
                "joint@gated",
                "joint@gated-lora",
                "joint+tree@gated",
                "joint+tree@gated-lora",
                "joint:e5@gated",
                "joint:e5@gated-lora",
                "joint:e5+tree@gated",
                "joint:e5+tree@gated-lora",
                "assisted-margins",
                "assisted-margins:e5",
            ],
        ),
        Plan(target="priority", task="multiclass", candidates=["joint", "joint@top", "joint+svm", "joint+svm@top"]),
        Plan(
            target="priority",
            task="multiclass",
            candidates=["text-tfidf", "questions+linear", "assisted-weak+linear", "assisted-priors"],
            descriptions={"low": "It can wait."},
            questions=["Is the writer angry?", "How urgent is it? [1-5]"],
            rules=[Rule(label="high", words=["urgent", "at once"]), Rule(label="low", words=["<b>thanks</b>"])],
            column_descriptions={"seats": "how many people use it"},
        ),
    ],
    ids=[
        "by hand",
        "few families",
        "left to Amalgam",
        "kept together",
        "joint and assisted",
        "joint alone",
        "told in words",
    ],
)
def test_a_new_session_finds_the_form_as_it_was_submitted(open_page, tickets, workspace, plan):
    params = CompareParams(dataset=tickets, plan=plan)
    job = client.submit(workspace, kind="compare", owner=OWNER, params=params, dataset=tickets)
    client.cancel(workspace, job, OWNER)
    page = open_page("compare")
    assert not page.exception
    press(page, "Compare")
    assert submitted(workspace) == plan
    assert len(client.jobs(workspace, OWNER, kind="compare")) == 2


def test_questions_are_counted_and_what_can_not_be_asked_is_said(open_page, tickets, workspace):
    plan = Plan(target="priority", task="multiclass", candidates=["dummy", "questions"])
    job = client.submit(
        workspace, kind="compare", owner=OWNER, params=CompareParams(dataset=tickets, plan=plan), dataset=tickets
    )
    client.cancel(workspace, job, OWNER)
    page, key = open_page("compare"), f"plan-{tickets}"
    page.text_area(key=f"{key}-questions").set_value("Is it <b>late</b>?\nHow angry? [1-3]").run()
    assert not page.exception
    n_rows = workspace.dataset(tickets, OWNER).n_rows
    assert f"{2 * n_rows:,} answers" in words(page)
    page.text_area(key=f"{key}-questions").set_value("How angry? [3-1]").run()
    assert "has no scale" in " ".join(one.value for one in page.error)
    page.text_area(key=f"{key}-questions").set_value("Is it <b>late</b>?").run()
    press(page, "Compare")
    assert submitted(workspace).questions == ["Is it <b>late</b>?"]


def test_questions_are_proposed_and_taken_over_behind_what_was_written(open_page, tickets, workspace):
    plan = Plan(target="priority", task="multiclass", candidates=["questions"], questions=["Is it late?"])
    job = client.submit(
        workspace, kind="compare", owner=OWNER, params=CompareParams(dataset=tickets, plan=plan), dataset=tickets
    )
    client.cancel(workspace, job, OWNER)
    page, key = open_page("compare"), f"plan-{tickets}-questions"
    page.button(key=f"{key}-propose").click().run()
    (asked,) = client.jobs(workspace, OWNER, kind="generate")
    wanted = GenerateParams.model_validate(asked.params)
    assert (wanted.task, wanted.dataset, wanted.target) == ("questions", tickets, "priority")
    assert {"high", "low"} <= set(wanted.classes)
    client.cancel(workspace, asked.id, OWNER)
    answer = Answer(text="Is it late?\nIs it <b>rude</b>?", tokens=9, seconds=1.0, stopped="end", model="m")
    folder = client.folder(workspace, asked.id)
    folder.mkdir(parents=True, exist_ok=True)
    write_model(answer, folder / "answer.json")
    page.run()
    assert not page.exception
    page.button(key=f"{key}-take").click().run()
    assert page.text_area(key=key).value == "Is it late?\nIs it <b>rude</b>?"


def test_a_language_model_is_chosen_among_those_at_hand(open_page, tickets, workspace, unpacked_models, monkeypatch):
    monkeypatch.setenv("AMALGAM_MODELS", str(packed_file().parent))
    plan = Plan(target="priority", task="multiclass", candidates=["questions"], language_model="one that is gone")
    job = client.submit(
        workspace, kind="compare", owner=OWNER, params=CompareParams(dataset=tickets, plan=plan), dataset=tickets
    )
    client.cancel(workspace, job, OWNER)
    page = open_page("compare")
    assert not page.exception
    chosen = page.selectbox(key=f"plan-{tickets}-language-model")
    assert chosen.value == ""
    chosen.set_value(packed_file().stem).run()
    press(page, "Compare")
    assert submitted(workspace).language_model == packed_file().stem


ENCODER = """
import streamlit as st
from pages.compare import encoder_form
st.session_state["text-encoder"] = "someone/<b>model</b>"
st.text(encoder_form.draw("message", "en", "text").name)
"""


def test_what_is_typed_as_an_encoder_is_shown_as_it_is_written(workspace):
    page = AppTest.from_string(ENCODER).run()
    assert not page.exception
    assert page.text[0].value == "someone/<b>model</b>"
    assert not [one for one in [*page.caption, *page.error] if "<b>" in one.value]


def test_a_hub_id_can_be_typed_as_an_encoder_where_that_is_allowed(workspace, monkeypatch):
    script = ENCODER.replace("<b>model</b>", "model")
    page = AppTest.from_string(script).run()
    assert "AMALGAM" in page.error[0].value
    monkeypatch.setenv("AMALGAM_HUB", "1")
    page = AppTest.from_string(script).run()
    assert not page.error
    assert "2,000 MB" in " ".join(caption.value for caption in page.caption)


def test_a_folder_typed_as_an_encoder_is_weighed_and_others_know_nothing_of_it(workspace, tmp_path, monkeypatch):
    (tmp_path / "models" / "mine").mkdir(parents=True)
    (tmp_path / "models" / "mine" / "model.safetensors").write_bytes(b"0" * 3_000_000)
    script = ENCODER.replace("someone/<b>model</b>", str(tmp_path / "models" / "mine"))
    assert "3 MB" in " ".join(caption.value for caption in AppTest.from_string(script).run().caption)
    monkeypatch.setenv("AMALGAM_ADDRESS", "0.0.0.0")
    there, nowhere = (AppTest.from_string(one).run().error[0].value for one in (script, script.replace("mine", "none")))
    assert there.replace("mine", "none") == nowhere
    monkeypatch.setenv("AMALGAM_MODELS", str(tmp_path / "models"))
    assert not AppTest.from_string(script).run().error


def test_rules_are_added_and_are_there_after_another_page(open_page, tickets, workspace):
    key = f"plan-{tickets}"
    page = open_page("compare")
    page.segmented_control(key=f"{key}-mode").set_value("own").run()
    page.checkbox(key=f"{key}-family-assisted-weak").check().run()
    added = [{"Class": "high", "Words or phrases": "urgent, at once，"}, {"Class": "low"}, {}]
    page.session_state[f"{key}-rules-editor"] = {"edited_rows": {}, "added_rows": added, "deleted_rows": []}
    page.run()
    assert not page.exception
    page.switch_page(str(ROOT / "pages" / "data" / "page.py")).run()
    page.switch_page(str(ROOT / "pages" / "compare" / "page.py")).run()
    assert list(page.data_editor(key=f"{key}-rules-editor").value["Class"]) == ["high", "low"]
    press(page, "Compare")
    assert submitted(workspace).rules == [Rule(label="high", words=["urgent", "at once"])]


def test_a_family_stands_in_the_row_of_its_kind(open_page, tickets):
    page = open_page("compare")
    page.segmented_control(key=f"plan-{tickets}-mode").set_value("own").run()
    assert not page.exception
    titles = [one.value for one in page.markdown if one.value.startswith("**")]
    assert [f"**{title}**" for title in ("Baselines", "Cooperative", "Joint", "Assisted")] == [
        one for one in titles if one.strip("*") in {"Baselines", "Cooperative", "Joint", "Assisted"}
    ]
    boxes = [box.key.partition("-family-")[2] for box in page.checkbox if "-family-" in box.key]
    ways = [catalog.fusion(name).way for name in boxes if not catalog.fusion(name).baseline]
    assert ways == [*sorted(ways[:-1], key=["cooperative", "joint", "assisted"].index), ""]


def test_a_number_is_offered_no_family_that_needs_classes(finished, open_page):
    finished("reviews")
    page = open_page("compare")
    boxes = {box.key.partition("-family-")[2] for box in page.checkbox if "-family-" in box.key}
    assert {"joint", "assisted-margins", "columns"} <= boxes
    assert not {"zero-shot", "assisted-weak"} & boxes


def test_joint_asks_for_operator_head_and_layers(open_page, tickets, workspace):
    key = f"plan-{tickets}"
    page = open_page("compare")
    page.segmented_control(key=f"{key}-mode").set_value("own").run()
    assert not any(one.key == f"{key}-joint-heads" for one in page.pills)
    page.checkbox(key=f"{key}-family-joint").check().run()
    assert "A hard tree has no gradient" in words(page)
    page.pills(key=f"{key}-joint-heads").set_value(["tree", "forest"])
    page.pills(key=f"{key}-joint-operators").set_value(["cross"])
    page.pills(key=f"{key}-joint-parts").set_value([]).run()
    assert not page.exception
    press(page, "Compare")
    assert submitted(workspace).candidates[-2:] == ["joint+tree@cross", "joint+forest@cross"]


def test_a_column_can_be_left_out_and_an_id_kept(open_page, tickets, workspace):
    key = f"plan-{tickets}"
    page = open_page("compare")
    chosen = page.multiselect(key=f"{key}-columns").value
    page.multiselect(key=f"{key}-columns").set_value([name for name in chosen if name != "seats"])
    keep = next(box for box in page.checkbox if box.key.startswith(f"{key}-keep-"))
    keep.check().run()
    press(page, "Compare")
    plan = submitted(workspace)
    assert plan.drop == ["seats"]
    assert len(plan.keep) == 1
    assert keep.key.endswith(plan.keep[0])


def test_a_finished_run_leads_on_and_older_settings_are_named(finished, open_page):
    workspace = finished("tickets")
    page = open_page("compare")
    assert not page.exception
    assert not [warning for warning in page.warning if "other settings" in warning.value]
    assert any(button.label == "See the results" for button in page.button)
    assert "Ranked by" in words(page)
    assert len(page.get("plotly_chart")) == 1
    run = workspace.runs(OWNER)[0]
    page.segmented_control(key=f"plan-{run.dataset}-mode").set_value("amalgam").run()
    assert any("other settings" in warning.value for warning in page.warning)
    result = read_model(Comparison, workspace.run_folder(run.id) / "result.json")
    assert result.plan_digest == trained.QUICK.digest()


def test_a_running_comparison_shows_what_it_has(finished, open_page):
    workspace = finished("tickets")
    run = workspace.runs(OWNER)[0]
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'running', ended = NULL WHERE id = ?", (run.id,))
    page = open_page("compare")
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1
    assert any(button.label == "Cancel" for button in page.button)


def test_markup_in_names_and_reasons_stays_text(finished, open_page):
    finished("hostile")
    page = open_page("compare")
    assert not page.exception
    shown = words(page)
    for untrusted in (*trained.HOSTILE_CLASSES, *trained.HOSTILE_COLUMNS):
        assert untrusted not in shown, untrusted
    assert plain(trained.HOSTILE_COLUMNS[2]) in shown


# The command


def test_the_command_gives_the_same_plan(tickets, workspace, capfd):
    schema = read_model(Schema, workspace.dataset_folder(tickets) / "schema.json")
    plan = Plan(
        target="priority",
        candidates=["dummy", "cooperative:e5+svm-linear"],
        descriptions={"high": "Somebody needs help at once."},
        rules=[Rule(label="high", words=["urgent", "at once"])],
        column_descriptions={"seats": "how many people use it"},
        questions=["Is the writer angry?", "How urgent is it, “now” or later? [1-5]"],
        language_model="bundled",
        validation=Validation(kind="holdout", fraction=0.2, group="plan"),
        drop=["seats"],
        rows=300,
        seed=3,
        budget_seconds=120.0,
    )
    file = next((workspace.dataset_folder(tickets) / "source").iterdir())
    line = shlex.split(command.compare([str(file)], schema, plan))
    assert line[:3] == ["python", "-m", "core"]
    assert main([*line[3:], "--dump-plan"]) == 0
    assert Plan.model_validate_json(capfd.readouterr().out) == plan


@pytest.mark.parametrize(
    "plan",
    [
        Plan(target="priority", model_settings={"knn": {"n_neighbors": 7}}),
        Plan(target="priority", rules=[Rule(label="high", words=["now, please"])]),
        Plan(target="priority", descriptions={"a=b": "an equation"}),
    ],
    ids=["a setting", "a comma", "an equals sign"],
)
def test_what_has_no_flag_goes_into_a_plan_file(tickets, workspace, plan):
    schema = read_model(Schema, workspace.dataset_folder(tickets) / "schema.json")
    first, second = command.compare(["it's.csv"], schema, plan).split("\n")
    assert Plan.model_validate_json(shlex.split(first)[1]) == plan
    assert shlex.split(second)[4] == "it's.csv"
    assert "--plan" in shlex.split(second)


# Names, board and estimate


@pytest.mark.parametrize(
    ("families", "models", "encoders", "all_models", "expected"),
    [
        (["dummy", "cooperative"], ["linear"], [], False, ["dummy", "cooperative+linear"]),
        (["columns"], ["tree", "knn"], [], True, ["columns+tree", "columns+knn"]),
        (["cooperative"], ["linear"], ["e5"], False, ["cooperative+linear", "cooperative:e5+linear"]),
        (["auto"], ["linear"], ["e5"], True, ["auto"]),
        (["assisted-margins"], ["tree"], ["e5"], False, ["assisted-margins", "assisted-margins:e5"]),
        (["joint"], ["tree"], ["e5", "tfidf"], False, ["joint", "joint:e5"]),
    ],
)
def test_choices_become_names(families, models, encoders, all_models, expected):
    chosen = [Family(name) for name in families]
    assert choose_form.candidate_names(chosen, models, encoders, all_models=all_models) == expected


def test_each_head_operator_and_variant_is_a_candidate():
    joint = Family("joint", variants=("", "gated-top"), heads=("", "tree"))
    made = choose_form.candidate_names([joint], ["knn"], [], all_models=False)
    assert made == ["joint", "joint@gated-top", "joint+tree", "joint+tree@gated-top"]
    tuned = Family("cooperative-tuned", variants=("lora", "pairs"))
    made = choose_form.candidate_names([tuned], ["tree"], [], all_models=False)
    assert made == ["cooperative-tuned+tree@lora", "cooperative-tuned+tree@pairs"]


def test_a_name_reads_as_words():
    assert names.candidate_label("cooperative:minilm+svm-linear") == "Cooperative · MiniLM (English) · Linear SVM"


def test_a_line_says_the_half_of_a_model_that_was_used():
    line = CandidateResult(name="cooperative", mode="cooperative", encoder="minilm", model="linear", status="ok")
    assert names.line_label(line, "binary") == "Cooperative · MiniLM (English) · Logistic regression"
    assert names.line_label(line, "regression").endswith("Ridge")


def comparison(metric: str, **means: float) -> Comparison:
    lines = [
        CandidateResult(
            name=name,
            mode=name,
            status="ok",
            scores={metric: {"mean": mean, "low": mean - 0.1, "high": mean + 0.1}},
            fit_seconds=mean,
        )
        for name, mean in means.items()
    ]
    return Comparison(task="binary", target="y", metric=metric, n_rows=100, folds=5, seed=0, candidates=lines)


def test_the_best_stands_on_top_whichever_way_the_score_runs():
    assert ranking.ranked(comparison("accuracy", dummy=0.5, columns=0.8))[0].name == "columns"
    assert ranking.ranked(comparison("log_loss", dummy=0.5, columns=0.8))[0].name == "dummy"


def test_parents_are_grey_and_marks_in_names_are_not_markup():
    result = comparison("accuracy", dummy=0.5, cooperative=0.8)
    result.candidates[1].encoder = "<b>me</b>/model"
    chart = dots.drawing(result)
    assert {trace.marker.color for trace in chart.data} == {chart_theme.GREY, chart_theme.ACCENT}
    assert any("&lt;b&gt;me&lt;/b&gt;" in note.text for note in chart.layout.annotations)


def batches(folder) -> Path:
    """A target that a numeric column says almost alone, which its name and its values make an id."""
    chance = np.random.default_rng(0)
    number = chance.choice(90_000, 200, replace=False) + 10_000
    weight = chance.normal(size=200).round(2)
    table = pd.DataFrame({"batch_id": number, "weight": weight, "yield": (number / 7 + weight).round(2)})
    table.to_csv(folder / "batches.csv", index=False)
    return folder / "batches.csv"


@pytest.mark.parametrize("forgotten", [False, True], ids=["read now", "read by an older version"])
def test_a_number_that_is_kept_stays_a_number_on_the_page_and_the_terminal(
    open_page, reader, workspace, tmp_path, capfd, forgotten
):
    file = batches(tmp_path)
    dataset = reader(paste=file.read_text(), target="yield")
    stored = workspace.dataset_folder(dataset) / "schema.json"
    if forgotten:
        stored.write_text(stored.read_text().replace('"kept_as"', '"unknown"'))
    assert read_model(Schema, stored).column("batch_id").role == "id"
    page = open_page("compare")
    page.checkbox(key=f"plan-{dataset}-keep-0-batch_id").check().run()
    press(page, "Compare")
    plan = submitted(workspace)
    assert plan.keep == ["batch_id"]
    wanted = plan.model_copy(update={"candidates": ["dummy", "columns"], "validation": Validation(kind="holdout")})
    run = trained.train(workspace, dataset, wanted, "kept")
    on_page = read_model(Comparison, workspace.run_folder(run) / "result.json").candidate("columns").scores["r2"]
    capfd.readouterr()
    flags = ["--keep", "batch_id", "--candidates", "dummy,columns", "--holdout", "0.25", "--json"]
    assert main(["compare", str(file), "--target", "yield", *flags]) == 0
    in_terminal = json.loads(capfd.readouterr().out)["candidates"][1]["scores"]["r2"]
    assert on_page.mean >= 0.99
    assert in_terminal["mean"] == pytest.approx(on_page.mean)
