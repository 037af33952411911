"""What can be done to a column of texts, each in an LLM way, a classical way, and both together where that makes sense.

Light: pages and the command line read this list; what does the work is named by import path.
"""

from __future__ import annotations

from core.catalog.text_tasks.declaration import Score, TaskSample, TextTask, Way, WayName
from core.catalog.text_tasks.finding import KEYWORDS, TOPICS
from core.catalog.text_tasks.labels import LABELLING
from core.catalog.text_tasks.writing import ANSWER, SUMMARISE, TRANSLATE
from core.messages import UnknownChoice, _

__all__ = ["TEXT_TASKS", "Score", "TaskSample", "TextTask", "Way", "WayName", "text_task"]

TEXT_TASKS: dict[str, TextTask] = {
    task.name: task for task in (SUMMARISE, ANSWER, TRANSLATE, KEYWORDS, TOPICS, *LABELLING)
}


def text_task(name: str) -> TextTask:
    """The task of this name.

    Raises
    ------
    UnknownChoice
    """
    if name in TEXT_TASKS:
        return TEXT_TASKS[name]
    raise UnknownChoice(
        _("“{name}” is not a text task that Amalgam knows."),
        _("Choose one of: {known}."),
        name=name,
        known=list(TEXT_TASKS),
    )
