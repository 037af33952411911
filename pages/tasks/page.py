"""The Text tasks page: what can be done to a column of texts, by a language model, classically, or both."""

from __future__ import annotations

import streamlit as st

from core.catalog.text_tasks.every import TEXT_TASKS
from pages.shared.i18n import _, t
from pages.tasks import chat, free, view

CHAT, FREE = "chat", "free"


def draw() -> None:
    """Title, the choice of task, and its own form and results."""
    st.title(_("Text tasks"))
    st.markdown(
        _(
            "What can a language model do with your texts, and would a classical method have done as well? Each task "
            "runs in several ways, scored alike wherever you have answers to compare with."
        )
    )
    labels = {name: t(task.label) for name, task in TEXT_TASKS.items()}
    labels |= {CHAT: _("Ask about the results"), FREE: _("Write freely")}
    chosen = st.pills(
        _("Task"), list(labels), default=next(iter(labels)), required=True, format_func=labels.__getitem__,
        key="task", bind="query-params", label_visibility="collapsed", wrap=True,
    )  # fmt: skip
    if chosen in TEXT_TASKS:
        view.draw(TEXT_TASKS[chosen])
    elif chosen == CHAT:
        chat.draw()
    else:
        free.draw()


draw()
