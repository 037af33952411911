"""Live curves on Compare; Training, Soft tree and Advice on Results: small files, as the engine writes them."""

from __future__ import annotations

import os
import time

import pandas as pd
import pytest

from core.data.schema import write_model
from core.messages import say
from core.results.advice import Advice, Distillation, Formula, LabelFunction, Trust, TrustPoint
from core.results.comparison import Comparison, Detail
from core.results.soft_tree import TREE_FILE, Sign, SoftTree, TreeLeaf, TreeNode
from core.results.training_curves import CURVES_FILE, CurvePoint, FoldCurve, TrainingCurves
from core.workspace import Workspace
from pages.results.charts import soft_tree, training, tree_lines
from pages.shared.runs.board import ranking
from tests.pages import trained
from tests.pages.conftest import OWNER, words

NOT_USED = "The LLM's advice was not used: it did not help."


def curve(fold: str, *, losses=(1.0, 0.8, 0.6, 0.5), every: int = 2, steps: int = 6) -> FoldCurve:
    points = [
        CurvePoint(step=place, steps=steps, train=loss, validation=None if place % every else loss + 0.1)
        for place, loss in enumerate(losses, start=1)
    ]
    return FoldCurve(fold=fold, points=points)


def tree(depth: int = 2, classes: tuple[str, ...] = ("high", "low", "normal"), word: str = "refund") -> SoftTree:
    """A full tree whose root turns right at a word, and left where seats grow."""
    nodes = [
        TreeNode(
            share=1 / 2 ** int.bit_length(place + 1) * 2,
            right=0.5,
            words=[Sign(kind="word", name=f"{word}{place or ''}", weight=0.8)],
            columns=[
                Sign(kind="column", name="seats", weight=-0.3),
                Sign(kind="column", name="plan", value="free", weight=0.2),
            ],
        )
        for place in range(2**depth - 1)
    ]
    leaves = [
        TreeLeaf(share=1 / 2**depth, probabilities=[0.7, *[0.3 / (len(classes) - 1)] * (len(classes) - 1)])
        if classes
        else TreeLeaf(share=1 / 2**depth, number=float(place))
        for place in range(2**depth)
    ]
    return SoftTree(classes=list(classes), depth=depth, nodes=nodes, leaves=leaves)


def advice(value: float = 0.75) -> Advice:
    curve = [
        TrustPoint(trust=trust, loss=0.5 + (trust - value) ** 2, low=0.4 + (trust - value) ** 2, high=1.0)
        for trust in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    return Advice(trust=Trust(value=value, curve=curve, n_rows=90, note=None if value else say(NOT_USED)))


def with_formulas() -> Advice:
    """Two formulas, one of them used; names and formulas are a language model's words."""
    formulas = [
        Formula(name="**left** <b>over", text="income / people", gain=-0.01, low=-0.05, high=0.03, used=False),
        Formula(name="body_mass_index", text="weight / height ** 2", gain=0.125, low=0.05, high=0.2, used=True),
    ]
    note = say("{used} of {n} new columns that the LLM proposed are used.", used=1, n=2)
    return Advice(trust=Trust(value=0.5, n_rows=90, note=note), formulas=formulas)


def run_of(workspace) -> tuple[str, Comparison]:
    run = workspace.runs(OWNER, kind="compare")[0]
    return run.id, Comparison.model_validate_json((workspace.run_folder(run.id) / "result.json").read_text())


@pytest.fixture
def best_folder(finished):
    """The folder of the candidate that Results shows first, in a finished run."""

    def found(home: str):
        workspace = finished(home)
        run, result = run_of(workspace)
        folders = {one.name: one for one in (workspace.run_folder(run) / "candidates").iterdir()}
        return folders[str(result.best)]

    return found


def with_advice(folder, found: Advice) -> None:
    detail = Detail.model_validate_json((folder / "detail.json").read_text())
    write_model(detail.model_copy(update={"advice": found}), folder / "detail.json")


def view(page, name: str):
    page.segmented_control(key="results-view").set_value(name).run()
    assert not page.exception
    return page


def labels(page) -> list[str]:
    return list(page.segmented_control(key="results-view").options)


# Results


def test_views_are_there_only_where_there_is_something_to_see(best_folder, open_page):
    folder = best_folder("tickets")
    assert not {"Training", "Soft tree", "Advice"} & set(labels(open_page("results")))
    write_model(TrainingCurves(folds=[FoldCurve(fold="0")]), folder / CURVES_FILE)  # begun, no step yet
    assert "Training" not in labels(open_page("results"))
    write_model(TrainingCurves(folds=[curve("0")]), folder / CURVES_FILE)
    write_model(tree(), folder / TREE_FILE)
    with_advice(folder, advice())
    assert {"Training", "Soft tree", "Advice"} < set(labels(open_page("results")))


def test_formulas_are_listed_as_they_were_tried_with_what_each_gained(best_folder, open_page):
    with_advice(best_folder("tickets"), with_formulas())
    page = view(open_page("results"), "advice")
    assert any("1 of 2 new columns" in info.value for info in page.info)
    assert not any("far the advice is trusted" in one.value for one in page.markdown)
    frame = next(one.value for one in page.dataframe if "Formula" in one.value.columns)
    assert frame["Formula"].tolist() == ["income / people", "weight / height ** 2"]
    assert frame["Called by the model"].tolist() == ["**left** <b>over", "body mass index"]
    assert frame["Used"].tolist() == ["", "✓"]
    assert frame["Fall of: Log loss"].tolist() == [-0.01, 0.125]


def test_a_view_that_another_candidate_lacks_gives_way(best_folder, open_page):
    folder = best_folder("tickets")
    write_model(TrainingCurves(folds=[curve("0")]), folder / CURVES_FILE)
    page = view(open_page("results"), "training")
    box = next(box for box in page.selectbox if box.label == "Candidate")
    box.set_value(next(option for option in ("columns", "text-tfidf") if option != box.value)).run()
    assert not page.exception
    assert "Training" not in labels(page)
    assert page.segmented_control(key="results-view").value == "errors"


def test_the_loss_of_each_fold_is_drawn_and_can_be_taken_away(best_folder, open_page):
    folder = best_folder("tickets")
    write_model(TrainingCurves(folds=[curve("0"), curve("1"), curve("all")]), folder / CURVES_FILE)
    page = view(open_page("results"), "training")
    assert any("Faint: the loss on rows trained on" in caption.value for caption in page.caption)
    assert any("learn by heart" in (caption.help or "") for caption in page.caption)
    assert any(button.key == "training-csv" for button in page.download_button)


def test_a_training_that_holds_no_rows_back_says_so(best_folder, open_page):
    folder = best_folder("tickets")
    write_model(TrainingCurves(folds=[curve("0", every=99)]), folder / CURVES_FILE)
    page = view(open_page("results"), "training")
    assert "this training holds none back" in words(page)
    assert "With dots" not in words(page)


def test_a_fold_has_one_entry_in_the_legend_and_gaps_between_two_encoders():
    twice = FoldCurve(fold="0", points=[*curve("0").points, *curve("0").points])
    chart = training.folds(TrainingCurves(folds=[twice, curve("all", every=99)]))
    assert [trace.name for trace in chart.data if trace.showlegend is not False] == ["Fold 1", "all rows"]
    assert list(chart.data[0].x) == [1, 2, 3, 4, None, 5, 6, 7, 8]
    assert list(chart.data[1].x) == [2, 4, None, 6, 8]
    assert list(chart.data[1].y) == pytest.approx([0.9, 0.6, None, 0.9, 0.6], nan_ok=True)


def test_the_table_of_losses_has_all_points():
    frame = training.table([curve("0"), curve("all")])
    assert len(frame) == 8
    assert list(frame["Fold"].unique()) == ["Fold 1", "all rows"]
    assert frame["Loss on rows held back"].isna().sum() == 4


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_each_node_and_leaf_has_a_line_of_its_own(depth):
    made = tree(depth)
    found = tree_lines.lines(made)
    assert sorted(line.place for line in found) == list(range(2 ** (depth + 1) - 1))
    assert found[0].place == 0
    assert sum(line.share for line in found if line.leaf) == pytest.approx(1.0)
    assert [line.leaf for line in found if line.leaf] == made.leaves  # from left to right
    chart = soft_tree.drawn(made)
    bars = [trace for trace in chart.data if trace.type == "bar"]
    ends = [max(bar.base[place] + bar.x[place] for bar in bars) for place in range(2**depth)]
    assert ends == pytest.approx([0.98] * 2**depth)  # shares fill the whole bar


def test_what_leads_right_stands_at_the_right_child():
    left, right = [line for line in tree_lines.lines(tree(1)) if line.level == 1]
    assert [tree_lines.sign_label(sign) for sign in left.signs] == ["seats ↑"]
    assert [tree_lines.sign_label(sign) for sign in right.signs] == ["“refund”", "plan = free"]
    frame = tree_lines.table(tree(1)).set_index("No.")
    assert frame.loc[3, "What leads here"] == "“refund” 0.80, plan = free 0.20"
    assert frame.loc[3, "Side"] == "to the right"
    assert frame.loc[3, "Below no."] == 1
    assert frame.loc[2, "Probability of high"] == 0.7
    assert pd.isna(frame.loc[1, "Probability of high"])


def test_a_tree_of_numbers_and_one_of_many_classes_are_drawn():
    numbers = soft_tree.drawn(tree(2, classes=()))
    bars = next(trace for trace in numbers.data if trace.type == "bar")
    assert [x > 0 for x in bars.x] == [False, True, True, True]
    assert list(tree_lines.table(tree(2, classes=()))["Predicted value"].dropna()) == [0, 1, 2, 3]
    many = soft_tree.drawn(tree(2, classes=tuple(f"c{place}" for place in range(12))))
    assert [trace.name for trace in many.data if trace.type == "bar"][-1] == "other classes"


def test_the_tree_is_shown_with_its_table(best_folder, open_page):
    folder = best_folder("tickets")
    write_model(tree(4), folder / TREE_FILE)
    page = view(open_page("results"), "tree")
    assert any("goes both ways at each fork" in (caption.help or "") for caption in page.caption)
    frame = next(table.value for table in page.dataframe if "What leads here" in table.value.columns)
    assert len(frame) == 31


@pytest.mark.parametrize(
    ("value", "sentence"), [(0.75, "The LLM's advice was followed at 0.75."), (0.0, NOT_USED)], ids=["used", "not used"]
)
def test_the_trust_is_said_in_a_sentence(best_folder, open_page, value, sentence):
    folder = best_folder("tickets")
    with_advice(folder, advice(value))
    page = view(open_page("results"), "advice")
    assert sentence in [one.value for one in page.info]
    assert "Tried on 90 rows held back" in words(page)
    assert any(button.key == "trust-csv" for button in page.download_button)


def test_who_voted_and_what_the_student_learned(best_folder, open_page):
    folder = best_folder("tickets")
    functions = [
        LabelFunction(
            name="<b>urgent</b>", kind="rule", label="**high**", coverage=0.2, conflicts=0.1, accuracy=0.9,
            measured=0.8, n_measured=12,
        ),
        LabelFunction(name="minilm", kind="names", coverage=0.5, conflicts=0.1),
    ]  # fmt: skip
    learned = Distillation(
        teacher_ms_per_row=20, student_ms_per_row=0.1, teacher_loss=0.3, student_loss=0.35, alone_loss=0.5, n_rows=90
    )
    with_advice(folder, advice().model_copy(update={"functions": functions, "distillation": learned}))
    page = view(open_page("results"), "advice")
    votes = next(table.value for table in page.dataframe if "Coverage" in table.value.columns)
    assert list(votes["Who"]) == ["<b>urgent</b>", "MiniLM (English)"]
    assert list(votes["Votes for"]) == ["**high**", "any class"]
    assert [metric.value for metric in page.metric][-3:] == ["0.300", "0.350", "0.500"]
    assert "20 ms per row" in words(page)
    for untrusted in ("<b>", "**high**"):
        assert untrusted not in words(page)


def test_a_real_run_says_what_became_of_its_rules(finished, open_page):
    _run, result = run_of(finished("advised"))
    page = open_page("results")
    box = next(box for box in page.selectbox if box.label == "Candidate")
    box.set_value("assisted-weak").run()
    view(page, "advice")
    votes = next(table.value for table in page.dataframe if "Coverage" in table.value.columns)
    assert list(votes["Who"])[:2] == ["urgent, cannot", "<b>no such word</b>"]
    assert votes["Coverage"].iloc[0] > 0
    assert votes["Coverage"].iloc[1] == 0
    assert votes["Kind"].iloc[2] == "likeness to class names"
    assert "LLM's advice was" in "".join(one.value for one in page.info)
    assert result.n_rows <= 80  # nothing without a label is scored
    assert "<b>" not in words(page)


def test_advice_that_could_not_be_tried_says_why(best_folder, open_page):
    folder = best_folder("reviews")
    why = "The LLM's advice was not used: there are no unlabelled rows to learn from."
    with_advice(folder, Advice(trust=Trust(value=0.0, note=say(why))))
    page = view(open_page("results"), "advice")
    assert why in [one.value for one in page.info]
    assert "Nothing could be tried" in words(page)


def test_markup_in_words_columns_and_classes_stays_text(best_folder, open_page):
    folder = best_folder("hostile")
    made = tree(2, classes=trained.HOSTILE_CLASSES, word="<i>w</i>")
    for node in made.nodes:
        node.columns[0].name, node.columns[1].value = trained.HOSTILE_COLUMNS[0], "<u>v</u>"
    write_model(made, folder / TREE_FILE)
    page = view(open_page("results"), "tree")
    chart = soft_tree.drawn(made)
    drawn = [note.text for note in chart.layout.annotations] + [trace.name or "" for trace in chart.data]
    drawn += [text for trace in chart.data for text in trace.hovertext or ()]
    shown = "\n".join([*drawn, words(page)])
    for untrusted in ("<i>w", "<b>yes", "<script>", "<u>v"):
        assert untrusted not in shown, untrusted
    assert "&lt;i&gt;w" in shown


# Compare


def running(workspace, **changes) -> str:
    """The only comparison, as if its best candidate were in training.  →  the run's id"""
    run, result = run_of(workspace)
    with workspace.database() as database:
        database.execute("UPDATE jobs SET state = 'running', ended = NULL WHERE id = ?", (run,))
    lines = [
        line.model_copy(update=changes) if line.name == result.best else line
        for line in ranking.ranked(result)
    ]  # fmt: skip
    path = workspace.run_folder(run) / "result.json"
    path.write_text(result.model_copy(update={"candidates": lines}).model_dump_json())
    return run


def test_curves_of_the_candidate_in_training_stand_under_the_board(best_folder, open_page):
    folder = best_folder("tickets")
    workspace = Workspace(folder.parents[3])
    running(workspace, status="running")
    page = open_page("compare")
    assert not page.exception
    assert len(page.get("plotly_chart")) == 1  # nothing to see yet
    write_model(TrainingCurves(folds=[curve("0"), curve("1")]), folder / CURVES_FILE)
    page = open_page("compare")
    assert not page.exception
    assert len(page.get("plotly_chart")) == 2
    assert "Fold 2: step 4 of 6" in words(page)
    assert any(button.key == "live-curves-csv" for button in page.download_button)


def test_old_curves_are_not_shown_as_live(best_folder, open_page):
    folder = best_folder("tickets")
    running(Workspace(folder.parents[3]), status="ok")
    write_model(TrainingCurves(folds=[curve("all")]), folder / CURVES_FILE)
    assert "all rows: step 4 of 6" in words(open_page("compare"))  # it is being fitted on all rows
    os.utime(folder / CURVES_FILE, (time.time() - 60,) * 2)
    assert "step 4 of 6" not in words(open_page("compare"))
