"""Text tasks that put labels on texts, on parts of them, or on pairs of parts.

Light: what does the work is named by import path.
"""

from __future__ import annotations

from core.catalog.text_task import FOLDER, Score, TaskSample, TextTask, Way
from core.messages import _

_OPTIONS = "core.evaluate.text_labels"
_TASKS = "core.language.tasks"

ENTITIES = TextTask(
    name="entities",
    label=_("Names in texts"),
    about=_("Find people, organisations, places and whatever else is marked in the reference column."),
    limits=_(
        "The bundled models only give each word its meaning; what counts as a name is learned from your marked rows. "
        "With fewer than about a hundred of them many names are missed."
    ),
    column=_("texts with names in them"),
    reference=_("the marked names: spans in JSON, or a tag per word"),
    new_column="names",
    options=f"{_OPTIONS}:EntityOptions",
    score=f"{_TASKS}.entities:score",
    scores=(
        Score("f1", _("Entity F1"), _("A name counts if its borders and its type are exactly right (seqeval).")),
        Score("precision", _("Precision"), _("Of the names that were found, the share that is exactly right.")),
        Score("recall", _("Recall"), _("Of the names that are there, the share that was found exactly.")),
    ),
    ways=(
        Way(
            "llm",
            _("Language model's words"),
            _("A logistic regression on what the language model makes of each word in its sentence."),
            f"{_TASKS}.entities:llm",
            learns=True,
        ),
        Way(
            "classical",
            _("CRF"),
            _("A conditional random field on spelling, neighbours and the names of other rows."),
            f"{_TASKS}.entities:classical",
            learns=True,
        ),
        Way(
            "both",
            _("CRF with the language model"),
            _("The conditional random field also sees what the language model makes of each word."),
            f"{_TASKS}.entities:both",
            learns=True,
        ),
    ),
    sample=TaskSample(FOLDER / "sentences_en.jsonl", "text", "spans"),
    needs_reference=True,
    fewest_texts=10,
)

LABELLING: tuple[TextTask, ...] = (ENTITIES,)
