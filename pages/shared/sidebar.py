"""The sidebar: the road with the state of each stop, the table at hand, running jobs, the language. Nothing else."""

from __future__ import annotations

import streamlit as st

from core.jobs import client
from core.jobs.client import Job
from core.messages import LANGUAGES, clip
from core.workspace import TAKEN
from pages.shared import numbers, state
from pages.shared.i18n import KEY, SHORT, _, _n, browser_language, chosen_language
from pages.shared.markup import plain
from pages.shared.navigation import Stop
from pages.shared.runs.job_words import kind_label
from pages.shared.session import current

SECONDS = 2.0  # between looks while a job is active
DONE, RUNNING, OPEN = ":material/check_circle:", "spinner", ":material/radio_button_unchecked:"
JOBS_OF_STOP = {
    "data": {"read", "clean", "group"},
    "compare": {"compare"},
    "explain": {
        "explain", "explain-whole", "explain-cohort", "attention", "embedding-map", "explain-trust", "model-itself",
        "shap-check", "learn-words",
    },
    "use": {"predict"},
}  # fmt: skip


def language_switch() -> None:
    """EN | 中文: follows the browser until something is chosen; then the address remembers it."""
    if KEY not in st.session_state:
        asked = st.query_params.get(KEY)
        st.session_state[KEY] = asked if asked in LANGUAGES else browser_language()
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        required=True,
        format_func=SHORT.__getitem__,
        key=KEY,
        label_visibility="collapsed",
        on_change=say_choices_again,
    )
    if chosen_language():
        st.query_params.update(chosen_language())


def say_choices_again() -> None:
    """Send every choice on the page to the browser anew.

    A select box is known to the browser by the words of its choice: without this, one made in the old language would
    go on being shown, and would fall back to the first option with the next click.
    """
    for key, value in st.session_state.items():
        if isinstance(value, (str, int, float, list, tuple)) and not isinstance(value, bool):
            st.session_state[key] = value


def active_jobs() -> list[Job]:
    """This person's queued and running jobs."""
    return client.jobs(state.workspace(), state.owner(), active=True)


def icons(active: list[Job]) -> dict[str, str]:
    """Each stop's state as an icon: done (of the table and run at hand), running, or still open."""
    workspace, run = state.workspace(), current.run()
    finished = client.done_with(workspace, state.owner(), run.id) if run else set()
    taken = run is not None and (client.folder(workspace, run.id) / TAKEN).exists()
    done = {
        "data": current.dataset() is not None,
        "compare": run is not None,
        "results": run is not None,
        "explain": bool(finished & JOBS_OF_STOP["explain"]),
        "use": taken or bool(finished & JOBS_OF_STOP["use"]),
    }
    running = {job.kind for job in active}
    return {
        path: RUNNING if running & JOBS_OF_STOP.get(path, set()) else DONE if is_done else OPEN
        for path, is_done in done.items()
    }


def title(stop: Stop, label: str) -> str:
    """“1 Data” on the road, “Home” beside it."""
    return f"{stop.number} {label}" if stop.number else label


def at_hand() -> None:
    """Which table is worked on, and what is predicted."""
    row = current.dataset()
    if row is None:
        return
    schema = state.schema(row.id)
    words = clip(row.name, 32)
    if schema is not None and schema.target:
        words = _("{table} · {target}").format(table=words, target=clip(schema.target, 24))
    st.caption(plain(words))


def jobs_line(active: list[Job]) -> None:
    """“1 job, 62 %, 1 min 10 s”; it looks again only while there is one."""
    if active:
        st.fragment(_live_line, run_every=SECONDS)(len(active))


def _live_line(count: int) -> None:
    active = active_jobs()
    if len(active) != count:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(plain(line(active)), help="\n\n".join(plain(_described(job)) for job in active))


def line(active: list[Job]) -> str:
    """All active jobs in a few words: how many, how far, how long."""
    first = max(active, key=lambda job: (job.state == "running", job.started or 0))
    share = f" · {first.progress.share:.0%}" if first.progress.share else ""
    time = numbers.seconds(round(first.elapsed_seconds))
    line = _n("{n} job, {time}{share}", "{n} jobs, {time}{share}", len(active))
    return line.format(n=len(active), time=time, share=share)


def _described(job: Job) -> str:
    share = f"{job.progress.share:.0%}" if job.progress.share else ""
    return f"{kind_label(job)} {share}".strip()
