"""The Use page: score one row or a file, or take the model away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.bundles.manifest import Manifest
from core.job_params import PredictParams
from core.jobs import client
from core.results.comparison import Scored, candidate_folder, slug
from core.workspace import RunRow
from pages.shared import navigation, numbers, state, upload
from pages.shared.charts import display
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain
from pages.shared.runs import job_panel, run_picker, starting
from pages.shared.session import current
from pages.shared.session.slots import Slot
from pages.use import row_form

SCORED: Slot[str] = Slot("scored-job", "")


def draw() -> None:
    """Title, the candidate, one of three ways to use it."""
    st.title(_("Use"))
    st.markdown(_("Score new rows, or take the model with you."))
    row, _result, name = run_picker.draw(without=frozenset({"dummy"}))
    folder = candidate_folder(state.workspace().run_folder(row.id), name) / "bundle"
    manifest = state.stored(Manifest, folder / "manifest.json")
    if manifest is None:
        current.missing(_("This candidate was not kept. Compare again."), "compare", _("Go to Compare"))
        return
    ways = {"file": _("Score a file"), "row": _("Score one row"), "take": _("Take it away")}
    way = st.segmented_control(
        _("What to do"), list(ways), default="file", required=True, format_func=ways.__getitem__, key="use-way",
        label_visibility="collapsed", bind="query-params",
    )  # fmt: skip
    if way == "take":
        _take(row, name)
        return
    if way == "row":
        values = row_form.draw(manifest, f"row-{row.id}-{slug(name)}")
        if values is not None:
            _submit(PredictParams(run=row.id, candidate=name, rows=[values]), row)
    else:
        st.caption(
            plain(_("The file needs these columns: {names}.").format(names=", ".join(c.name for c in manifest.columns)))
        )
        for file in upload.drop_zone(f"score-{row.id}", multiple=False, hint=_("CSV, Excel, JSON, Parquet"))[:1]:
            _submit(PredictParams(run=row.id, candidate=name, upload=file.id), row)
    _scored(row)


def _submit(params: PredictParams, row: RunRow) -> None:
    if made := starting.submit("predict", params, row.dataset):
        SCORED.set(made)
        st.rerun()


def _scored(row: RunRow) -> None:
    job = client.get(state.workspace(), SCORED.get(), state.owner()) if SCORED.get() else None
    if job is None or job.params.get("run") != row.id:
        return
    job_panel.follow(job)
    folder = client.folder(state.workspace(), job.id)
    scored = state.stored(Scored, folder / "scored.json")
    if scored is None or job.active:
        return
    line = _n("{n} row scored in {time}.", "{n} rows scored in {time}.", scored.n_rows)
    st.success(plain(line.format(n=numbers.count(scored.n_rows), time=numbers.seconds(scored.seconds))))
    for message in scored.notes:
        st.caption(plain(t(message)))
    frame = pd.read_parquet(folder / "scored.parquet")
    answers = [name for name in frame.columns if name == "prediction" or name.startswith(display.PROBABILITY)]
    frame = frame[answers + [name for name in frame.columns if name not in answers]]
    display.table(frame.head(5000), "scored", name="scored", formats=display.answers(answers))
    if len(frame) > 5000:
        st.caption(_("The table shows the first 5,000 rows; the file below has all of them."))
        st.link_button(
            _("Download all rows (CSV)"), f"/amalgam/download/{job.id}/scored.csv", icon=":material/download:"
        )


def _take(row: RunRow, name: str) -> None:
    folder = candidate_folder(state.workspace().run_folder(row.id), name).name
    st.markdown(
        _("The bundle holds the fitted model, what it expects of each column, and its scores. The command line and "
          "any Python program can use it.")
    )  # fmt: skip
    st.link_button(
        _("Download the bundle (zip)"),
        f"/amalgam/download/bundle/{row.id}/{folder}.zip",
        type="primary",
        icon=":material/download:",
    )
    navigation.command(
        f"python -m core predict {folder}.zip new_rows.csv --out scored.csv",
        _("It scores a file with the bundle, with no browser."),
    )


draw()
