"""The Language lab: train language models side by side on one text, watch them learn, write with them, look inside."""

from __future__ import annotations

import streamlit as st

from core.jobs import client
from core.jobs.client import Job
from core.results.language.laboratory import LAB_FILE, TUNED, CorpusCounts, LabModel, LabResult, ModelCard
from pages.lab import ask, checks, judged, live, next_token, write
from pages.lab.inside import look
from pages.lab.start import form
from pages.shared import numbers, state
from pages.shared.datetimes import when
from pages.shared.i18n import _, _n, t
from pages.shared.markup import plain
from pages.shared.runs import delete, job_panel

LOOK_SECONDS = 1.0


def draw() -> None:
    """Title, the form, the run under way or chosen, and what can be done with its models."""
    st.title(_("Language lab"))
    st.markdown(_("How does a language model learn? Train a Transformer, an LSTM and a model that counts on one text."))
    jobs = client.jobs(state.workspace(), state.owner(), kind=form.KIND, limit=20)
    active = next((job for job in jobs if job.active), None)
    known = [(job, found) for job in jobs if (found := _result(job.id)) is not None]
    with st.expander(_("Train models"), icon=":material/school:", expanded=not known and active is None):
        form.draw(busy=active is not None, first=not known)
    if jobs:
        job_panel.follow(jobs[0])
    if active is not None and not any(job.id == active.id for job, _found in known):
        st.fragment(_waiting, run_every=LOOK_SECONDS)(active.id)
        return
    if not known:
        st.caption(_("No model has been trained yet. The usual choice takes about three minutes."))
        return
    job, result = known[0] if len(known) == 1 else _chosen(known)
    _text(result)
    if job.active:
        st.fragment(_live, run_every=LOOK_SECONDS)(job.id)
    else:
        live.draw(result, client.folder(state.workspace(), job.id), job.id)
        checks.draw(result, job.id)
        st.subheader(_("How good they are"), anchor=False)
        judged.draw(result, job.id)
    _use(job, result)
    if not job.active:
        delete.draw(job.id)


def _result(job_id: str) -> LabResult | None:
    return state.stored(LabResult, client.folder(state.workspace(), job_id) / LAB_FILE)


def _waiting(job_id: str) -> None:
    """Until there is something to look at."""
    if _result(job_id) is not None:
        st.rerun()
    st.caption(_("Making the text ready …"))


def _live(job_id: str) -> None:
    result = _result(job_id)
    if result is not None:
        live.draw(result, client.folder(state.workspace(), job_id), job_id)


def _chosen(known: list[tuple[Job, LabResult]]) -> tuple[Job, LabResult]:
    places = list(range(len(known)))
    chosen = st.selectbox(_("Run"), places, format_func=lambda place: _line(*known[place]), key="lab-run")
    return known[chosen or 0]


def _line(job: Job, result: LabResult) -> str:
    models = ", ".join(t(one.label) or one.name for one in result.models)
    return _("{when} · {text} · {models}").format(when=when(job.created), text=result.corpus, models=models)


def _text(result: LabResult) -> None:
    counts: CorpusCounts = result.counts
    documents = _n("{n} document", "{n} documents", counts.documents).format(n=numbers.count(counts.documents))
    sentences = _n("{n} sentence", "{n} sentences", counts.sentences).format(n=numbers.count(counts.sentences))
    words = _(
        "**{text}**: {documents}, {sentences}, {bytes} bytes. Left out: {exact} repeated, {near} nearly repeated, "
        "{empty} empty. Documents held back: {validation} to watch by, {test} to judge by."
    )
    st.markdown(
        words.format(
            text=plain(result.corpus), documents=documents, sentences=sentences,
            bytes=numbers.count(counts.bytes), exact=numbers.count(counts.exact_duplicates),
            near=numbers.count(counts.near_duplicates), empty=numbers.count(counts.empty),
            validation=numbers.count(counts.validation_documents), test=numbers.count(counts.test_documents),
        )
    )  # fmt: skip


def _tuned(job: Job, result: LabResult) -> list[LabModel]:
    """The pretrained model that was fine-tuned on the text, if one was."""
    card = state.stored(ModelCard, client.folder(state.workspace(), job.id) / "models" / TUNED / "card.json")
    if card is None or not result.tuned:
        return []
    return [LabModel(name=TUNED, label=_("{model}, fine-tuned").format(model=card.name), card=card)]


def _use(job: Job, result: LabResult) -> None:
    """One prompt for all models that can be asked."""
    ready: list[LabModel] = [one for one in result.models if one.card is not None and one.card.size_bytes]
    ready += _tuned(job, result)
    if not ready:
        return
    st.subheader(_("Ask them"), anchor=False)
    names = {one.name: plain(ask.label(one)) for one in ready}
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    prompt = left.text_input(_("Prompt"), key="lab-prompt", persist_state="session", max_chars=2000) or ""
    chosen = right.pills(
        _("Models asked"), list(names), default=list(names)[:2], selection_mode="multi",
        key=f"lab-asked-{job.id}-{len(ready)}", format_func=names.__getitem__, wrap=True,
    )  # fmt: skip
    views = {"write": _("Write on"), "next": _("Token by token"), "inside": _("Look inside")}
    view = st.segmented_control(
        _("View"), list(views), default="write", required=True, format_func=views.__getitem__, key="lab-view",
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    models = [one for one in ready if one.name in chosen]
    if not models:
        st.caption(_("Choose at least one model."))
    elif view == "next":
        next_token.draw(job.id, models, prompt)
    elif view == "inside":
        look.draw(job.id, models, prompt)
    else:
        write.draw(job.id, models, prompt)


draw()
