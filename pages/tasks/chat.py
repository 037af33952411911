"""Questions about the table at hand and its run: facts answer, a model's words only where facts confirm them."""

from __future__ import annotations

import streamlit as st

from core.assistant.measured_abilities import MODEL
from core.job_params import WholeParams
from core.jobs.resident.client import Call
from core.results.comparison import Comparison
from core.results.explanations.rows import Output
from core.results.language.chat import AskChat, ChatReply, Offer
from pages.lab import ask
from pages.shared import state
from pages.shared.i18n import _, _n, language, t
from pages.shared.markup import plain
from pages.shared.runs import job_panel, starting
from pages.shared.session import current

FIRST_SECONDS = 90.0  # the model may have to be prepared


def examples() -> list[str]:
    """Questions to begin with."""
    return [
        _("How many rows are there?"),
        _("Which values are missing?"),
        _("Which model is best?"),
        _("Was the language model worth it?"),
        _("Which words count most?"),
    ]


def draw() -> None:
    """What may be asked, what was asked and answered, the box for the next question."""
    row = current.require_dataset()
    run = current.run(row.id)
    about = _("Answers come from the numbers of **{table}**") if run is None else _(
        "Answers come from the numbers of **{table}** and its run **{run}**"
    )  # fmt: skip
    st.markdown(about.format(table=plain(row.name), run=plain(run.name if run else "")))
    st.caption(
        _(
            "Common questions are answered by rules. For any other a language model writes a sentence; what the "
            "numbers do not confirm is taken out."
        )
    )
    said: list[tuple[str, ChatReply]] = st.session_state.setdefault(f"chat-{row.id}-{run.id if run else ''}", [])
    again = ""
    for number, (question, answer) in enumerate(said, start=1):
        with st.chat_message("user"):
            st.text(question)
        with st.chat_message("assistant", avatar=":material/table_chart:"):
            _reply(answer)
            if answer.offer is not None and number == len(said):
                again = question if _offer(answer.offer, row.id) else ""
    asked = st.chat_input(_("Ask about the table or the run"), max_chars=1000, key="chat-question")
    if not said:
        for number, example in enumerate(examples()):
            if st.button(example, key=f"chat-example-{number}", type="tertiary", icon=":material/chat:"):
                asked = example
    elif st.button(_("Clear"), icon=":material/delete:", key="chat-clear"):
        said.clear()
        st.rerun()
    asked = asked or again
    if not asked:
        return
    wanted = AskChat(dataset=row.id, run=run.id if run else None, question=asked, language=language())
    reply = _answered(wanted)
    if reply is not None:
        said.append((asked, reply))
        st.rerun()


def _answered(asked: AskChat) -> ChatReply | None:
    call = Call(state.workspace(), "chat", asked.model_dump(mode="json"), state.owner())
    with st.spinner(_("Looking at the numbers")):
        call.wait(FIRST_SECONDS)
    if call.result is None:
        call.cancel()
        if call.error is not None:
            starting.show_error(call.error)
            return None
    return ask.newest(ChatReply, call)


def _reply(reply: ChatReply) -> None:
    """The answer with the numbers of the facts it stands on, then those facts and where they stand."""
    if reply.said:
        st.text(" ".join(f"{t(one.text)} {cited(one.cites)}".strip() for one in reply.said))
    if reply.words:
        words = _n(
            "Written by {model}; {n} number in it was found in the facts.",
            "Written by {model}; {n} numbers in it were found in the facts.",
            len(reply.numbers),
        )
        st.caption(plain(words.format(model=reply.model or MODEL, n=len(reply.numbers))))
    if reply.note is not None:
        st.caption(plain(t(reply.note)))
    for number, (fact, source) in enumerate(zip(reply.facts, reply.sources, strict=True), start=1):
        st.markdown(f"{plain(f'{cited([number])} {t(fact)}')} :gray[{plain(t(source))}]")


def cited(numbers: list[int]) -> str:
    """“[1] [2]”."""
    return " ".join(f"[{number}]" for number in numbers)


def _offer(offer: Offer, dataset: str) -> bool:
    """What would answer the question, one click away.  →  whether it is there now and is to be asked again"""
    job = job_panel.panel("explain-whole", dataset)
    mine = job is not None and job.params.get("run") == offer.run
    if job is not None and job.active:
        return False
    if mine and job is not None and job.state == "done":
        return st.button(_("Ask again"), icon=":material/refresh:", key="chat-again")
    if st.button(_("Explain the whole data"), icon=":material/psychology:", key="chat-explain"):
        folder = state.workspace().run_folder(offer.run)
        result = state.stored(Comparison, folder / "result.json")
        output: Output = "probability" if result is not None and result.classes else "margin"
        params = WholeParams(run=offer.run, candidate=offer.candidate, output=output)
        if starting.submit("explain-whole", params, dataset):
            st.rerun()
    return False
