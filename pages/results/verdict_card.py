"""The verdict as it stands above the scores: a word, the gain with its interval drawn, the sentence, one click."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.catalog import METRICS
from core.catalog.defaults import contrast
from core.job_params import CompareParams
from core.jobs import client
from core.messages import AmalgamError
from core.names import parse
from core.results.amounts import gain_with_interval
from core.results.comparison import Comparison, Interval, Verdict
from pages.shared import names, navigation, state
from pages.shared.charts import chart_theme
from pages.shared.i18n import _, t
from pages.shared.markup import plain
from pages.shared.runs import starting
from pages.shared.session import current

ICONS = {"worth_it": ":material/check_circle:", "not_worth_it": ":material/cancel:"}
COLOURS = {"worth_it": "green", "not_worth_it": "orange", "too_close": "blue"}


def draw(result: Comparison, run: str) -> None:
    """Nothing while there is nothing to judge yet."""
    found = result.verdict
    if found is None:
        return
    with st.container(border=True, key=f"verdict-{run}"):
        word = words().get(found.code, _("No verdict"))
        colour, icon = COLOURS.get(found.code, "gray"), ICONS.get(found.code, ":material/balance:")
        if {"gain", "low", "high"} <= set(found.numbers):
            left, right = st.columns([2, 3], vertical_alignment="center")
            left.subheader(f":{colour}[{icon} {word}]", anchor=False)
            right.plotly_chart(
                chart_theme.kept("verdict-interval", found, lambda: interval(found, result.metric)),
                key=f"verdict-interval-{run}",
                config={"displayModeBar": False, "staticPlot": True},
                alt=_("The gain and its 95 % interval: {gain}").format(gain=amount(found, result.metric)),
            )
        else:
            st.subheader(f":{colour}[{icon} {word}]", anchor=False)
        st.markdown(plain(t(found.text)))
        if any(line.status in {"waiting", "running"} for line in result.candidates):
            st.caption(_("So far: other candidates are still to come."))
        if found.code == "no_rival" and not current.reading():
            _train_rival(result, run)


def words() -> dict[str, str]:
    """Each verdict in a word or two."""
    return {
        "worth_it": _("Worth it"),
        "not_worth_it": _("Not worth it"),
        "too_close": _("Too close to call"),
        "no_better_than_guessing": _("No better than guessing"),
    }


def amount(found: Verdict, metric: str) -> str:
    """“+3.0 points (−0.4 to +6.4)”, with the digits of the sentence."""
    scale = 100 if METRICS[metric].in_points else 1  # a verdict's numbers are those of its sentence
    gain, low, high = (found.numbers[name] / scale for name in ("gain", "low", "high"))
    return t(gain_with_interval(Interval(mean=gain, low=low, high=high), metric))


def interval(found: Verdict, metric: str) -> go.Figure:
    """The gain as a dot with its interval on a line with zero marked."""
    gain, low, high = (found.numbers[name] for name in ("gain", "low", "high"))
    chart = chart_theme.figure(92)
    chart.add_scatter(
        x=[gain], y=[0], mode="markers+text", text=[amount(found, metric)], textposition="top center",
        marker={"size": 12, "color": chart_theme.ACCENT}, showlegend=False,
        error_x={"type": "data", "symmetric": False, "array": [high - gain], "arrayminus": [gain - low], "width": 6},
    )  # fmt: skip
    reach = 1.25 * max(abs(low), abs(high), 1e-9)
    chart.update_xaxes(range=[-reach, reach], zeroline=True, zerolinewidth=2, fixedrange=True)
    chart.update_yaxes(visible=False, range=[-1, 2], fixedrange=True)
    return chart.update_layout(margin={"l": 8, "r": 8, "t": 4, "b": 4})


def _train_rival(result: Comparison, run: str) -> None:
    """One click that trains what the language model has to be compared with."""
    job = client.get(state.workspace(), run, state.owner())
    schema = None if job is None else state.schema(job.dataset)
    if job is None or job.active or schema is None:
        return
    missing = rivals_to_train(result, len(schema.names("text")))
    if not missing:
        return
    wanted = st.button(
        _("Train the fair rival"),
        key=f"train-rival-{run}",
        icon=":material/play_arrow:",
        help=plain(
            _("Trains {names} on the same folds. What is finished is not trained again.").format(
                names=", ".join(names.candidate_label(name) for name in missing)
            )
        ),
    )
    if wanted and _add(job, missing):
        navigation.go("compare")


def rivals_to_train(result: Comparison, n_texts: int) -> list[str]:
    """The rivals of the contrast of such a table that are not finished yet and can be."""
    settled = {line.name for line in result.candidates if line.status in {"ok", "skipped"}}
    families = ("classical",) if n_texts else ("columns",)
    names = [name for name in contrast(n_texts, 1, result.task) if parse(name).family in families]
    return [name for name in names if name not in settled]


def _add(job: client.Job, missing: list[str]) -> bool:
    """Let the comparison go on with these, too.  →  whether it does"""
    params = CompareParams.model_validate(job.params)
    wanted = params.model_copy(update={"added": list(dict.fromkeys([*params.added, *missing]))})
    try:
        client.resume(state.workspace(), job.id, state.owner(), wanted)
    except AmalgamError as error:
        starting.show_error(error)
        return False
    state.record_job(job.kind, job.dataset, job.id)
    return True
