"""The Language lab: a form becomes a job, a run is shown, and its models are asked beside a resident worker."""

from __future__ import annotations

import json
import shutil
import threading

import numpy as np
import pytest

from core import catalog
from core.data.formats import detect
from core.data.schema import read_model, write_model
from core.job_params import LanguageModelParams
from core.jobs import client
from core.jobs.context import Context
from core.jobs.resident.server import Residence
from core.jobs.table import partial_folder
from core.language import corpus, jobs
from core.messages import say
from core.results.comparison import Interval
from core.results.language.laboratory import LAB_FILE, TUNED, LabResult, Rival, Tuned
from core.workspace import Workspace
from pages.shared import numbers
from pages.shared.markup import JOINER, plain
from tests.pages.conftest import OWNER, words

LINES = "\n\n".join(f"The {animal} number {n} sees <b>a {thing}</b> by the *river*." for n in range(12)
                    for animal, thing in (("cat", "bird"), ("dog", "fish"), ("old horse", "green boat")))  # fmt: skip
PARAMS = LanguageModelParams(source="text", text=LINES, name="animals", models=["transformer", "ngram"], vocabulary=300,
                             steps=4, texts=2)  # fmt: skip


@pytest.fixture(scope="module")
def trained_lab(tmp_path_factory):
    """The folder of a finished run, made once."""
    folder = tmp_path_factory.mktemp("lab") / "run"
    folder.mkdir()
    jobs.train(PARAMS.model_dump(), Context(Workspace(folder.parent / "home"), OWNER, "job", folder, threads=1))
    return folder


@pytest.fixture
def lab(workspace, trained_lab):
    """A finished run in this workspace.  →  the job's id"""
    job = client.submit(workspace, kind="lm-train", owner=OWNER, params=PARAMS)
    shutil.copytree(trained_lab, workspace.run_folder(job))
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'done', ended = created WHERE id = ?", (job,))
    return job


@pytest.fixture
def residing(workspace):
    """A resident worker on the workspace; it ends with the test."""
    residence = Residence(workspace, catalog.RESIDENT_OPS, idle_seconds=60)
    thread = threading.Thread(target=residence.run)
    thread.start()
    yield
    residence.leaving.set()
    thread.join(timeout=5)


def button(page, label):
    return next(button for button in page.button if button.label == label)


def test_nothing_is_trained_yet(open_page):
    page = open_page("lab")
    assert not page.exception
    assert "No model has been trained yet" in words(page)
    assert not button(page, "Train").disabled


def test_the_form_becomes_a_job(open_page, workspace):
    page = open_page("lab")
    page.radio(key="lab-source").set_value("text").run()
    assert button(page, "Train").disabled
    page.text_area(key="lab-text").set_value(LINES).run()
    page.number_input(key="lab-vocabulary").set_value(400).run()
    button(page, "Train").click().run()
    assert not page.exception
    params = LanguageModelParams.model_validate(client.jobs(workspace, OWNER, kind="lm-train")[0].params)
    assert (params.source, params.text, params.vocabulary) == ("text", LINES, 400)
    assert params.models == ["transformer", "lstm", "ngram"]
    assert "Making the text ready" in words(page)


def test_a_class_can_stand_before_each_text_of_a_column(open_page, workspace, tickets):
    page = open_page("lab")
    page.radio(key="lab-source").set_value("column").run()
    assert page.selectbox(key=f"lab-beside-{tickets}").options[0] == "none"
    page.selectbox(key=f"lab-beside-{tickets}").set_value("priority").run()
    button(page, "Train").click().run()
    assert not page.exception
    (job,) = client.jobs(workspace, OWNER, kind="lm-train")
    wanted = LanguageModelParams.model_validate(job.params)
    assert (wanted.dataset, wanted.column, wanted.beside) == (tickets, "message", "priority")
    context = Context(workspace, OWNER, "job", workspace.run_folder("seen"), threads=1)
    documents = jobs.corpus_of(wanted, context).train
    first = [document.split("\n")[0] for document in documents]
    assert {"priority: high", "priority: low", "priority: normal"} <= set(first)
    assert np.mean([line.startswith("priority: ") for line in first]) > 0.9  # the others have none


def test_the_files_offered_are_files_that_can_be_read(open_page, tmp_path):
    page = open_page("lab")
    page.radio(key="lab-source").set_value("upload").run()
    offered = page.get("bidi_component")[0].proto.json
    for ending in json.loads(offered)[0]["accept"].split(","):
        assert ending not in detect.PACKED_ENDINGS
        (tmp_path / f"a{ending}").write_text(LINES)
        assert corpus.read_text(tmp_path / f"a{ending}") == LINES


def test_what_a_document_is_can_be_said_and_is_part_of_the_job(open_page, workspace):
    page = open_page("lab")
    page.radio(key="lab-source").set_value("text").run()
    page.text_area(key="lab-text").set_value(LINES).run()
    page.selectbox(key="documents-lab").set_value("paragraphs").run()
    page.number_input(key="lines-each-lab").set_value(2).run()
    button(page, "Train").click().run()
    params = LanguageModelParams.model_validate(client.jobs(workspace, OWNER, kind="lm-train")[0].params)
    assert (params.documents, params.lines_each) == ("paragraphs", 2)


def test_a_run_shows_its_text_its_curves_and_its_judgement(open_page, lab):
    page = open_page("lab")
    assert not page.exception
    shown = words(page)
    assert "36 documents" in shown
    assert "predicts unseen text best" in shown
    assert any("Bits per byte" in frame.value.columns for frame in page.dataframe)


def unmarked(text: object) -> str:
    """A text as it is read, without what keeps Markdown off it."""
    return str(text).replace("\\", "").replace(JOINER, "")


def test_a_model_is_as_good_in_its_card_as_in_the_judgement(open_page, workspace, lab):
    path = workspace.run_folder(lab) / LAB_FILE
    result = read_model(LabResult, path)
    best = min((one.judged.scores["bits_per_byte"] for one in result.models), key=lambda score: score.mean)
    judged = f"{numbers.score_with_interval(best)} bits per byte"
    page = open_page("lab")
    assert sum(judged in unmarked(one.value) for one in page.caption) == 1
    assert judged in next(unmarked(one.value) for one in page.markdown if "predicts unseen" in str(one.value))
    for one in result.models:  # while it is trained, only the validation text is known, and that is said
        one.judged = None
    write_model(result, path)
    shown = words(open_page("lab"))
    assert "bits per byte on validation text" in shown


def test_models_are_told_apart_on_the_same_documents(open_page, workspace, lab):
    path = workspace.run_folder(lab) / LAB_FILE
    result = read_model(LabResult, path)
    for low, words_of_chance in ((0.2, False), (-0.1, True)):
        result.rivals = [Rival(model="ngram", more=Interval(mean=0.3, low=low, high=0.4))]
        write_model(result, path)
        shown = words(open_page("lab"))
        assert "more on the same documents" in shown
        assert ("which may be chance" in shown) == words_of_chance


def test_a_failed_model_says_why(open_page, workspace, lab):
    path = workspace.run_folder(lab) / LAB_FILE
    result = read_model(LabResult, path)
    result.models[0].status, result.models[0].reason = "failed", say("It broke <i>badly</i>.")
    write_model(result, path)
    page = open_page("lab")
    assert not page.exception
    assert any("It broke \\<i\\>badly" in warning.value for warning in page.warning)


def test_a_run_under_way_is_shown_as_far_as_it_is(open_page, workspace, trained_lab):
    job = client.submit(workspace, kind="lm-train", owner=OWNER, params=PARAMS)
    shutil.copytree(trained_lab, partial_folder(workspace, job))
    page = open_page("lab")
    assert not page.exception
    assert "36 documents" in words(page)
    assert button(page, "Cancel")


def test_models_write_side_by_side_and_what_they_write_is_literal(open_page, lab, residing):
    page = open_page("lab")
    page.text_input(key="lab-prompt").set_value("The *cat* <b>").run()
    button(page, "Write").click().run()
    for _ in range(40):
        if len([text for text in page.text if text.value.startswith("The *cat* <b>")]) == 2:
            break
        page.run()
    assert not page.exception
    assert len([text for text in page.text if text.value.startswith("The *cat* <b>")]) == 2


def test_a_token_is_taken_and_given_back(open_page, lab, residing):
    page = open_page("lab")
    page.text_input(key="lab-prompt").set_value("The").run()
    page.segmented_control(key="lab-view").set_value("next").run()
    assert not page.exception
    key = f"lab-next-{lab}-ngram"
    before = [text.value for text in page.text]
    page.button(key=f"{key}-top").click().run()
    assert [text.value for text in page.text] != before
    page.button(key=f"{key}-undo").click().run()
    assert [text.value for text in page.text] == before


@pytest.mark.parametrize("view", ["attention", "layers", "neighbours", "beam"])
def test_the_inside_is_shown(open_page, lab, residing, view):
    page = open_page("lab")
    page.text_input(key="lab-prompt").set_value("The cat").run()
    page.segmented_control(key="lab-view").set_value("inside").run()
    page.segmented_control(key="lab-inside-view").set_value(view).run()
    assert not page.exception
    assert not page.error


def test_a_model_that_counts_has_no_attention(open_page, lab, residing):
    page = open_page("lab")
    page.segmented_control(key="lab-view").set_value("inside").run()
    page.selectbox(key=f"lab-inside-{lab}").set_value("ngram").run()
    assert not page.exception
    assert any("no attention" in info.value for info in page.info)


def test_a_fine_tuned_model_can_be_asked_but_not_looked_into(open_page, workspace, lab):
    folder = workspace.run_folder(lab)
    result = read_model(LabResult, folder / LAB_FILE)
    judged = result.models[0].judged
    card = result.models[0].card.model_copy(update={"name": "Smol<b>", "kind": "pretrained", "lora_rank": 8})
    (folder / "models" / TUNED).mkdir()
    write_model(card, folder / "models" / TUNED / "card.json")
    result.tuned.append(
        Tuned(model=card.name, rank=8, trained_parameters=9, all_parameters=99, train_seconds=1.0, before=judged,
              after=judged)
    )  # fmt: skip
    write_model(result, folder / LAB_FILE)
    page = open_page("lab")
    assert any(plain("Smol<b>, fine-tuned") in pills.options for pills in page.button_group)
    page.session_state[f"lab-asked-{lab}-3"] = [TUNED]
    page.segmented_control(key="lab-view").set_value("inside").run()
    assert not page.exception
    assert any("from scratch" in info.value for info in page.info)
