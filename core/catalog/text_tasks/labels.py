"""Text tasks that put labels on texts, on parts of them, or on pairs of parts.

Light: what does the work is named by import path.
"""

from __future__ import annotations

from core.catalog.text_tasks.declaration import FOLDER, Score, TaskSample, TextTask, Way
from core.messages import _

_OPTIONS = "core.results.text_tasks.labels"
_TASKS = "core.text_tasks.labels"
_PROMPTED = "core.text_tasks.models.prompted"

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
            f"{_TASKS}.entities:combined",
            learns=True,
        ),
    ),
    sample=TaskSample(FOLDER / "sentences_en.jsonl", "text", "spans"),
    needs_reference=True,
    fewest_texts=10,
)

RELATIONS = TextTask(
    name="relations",
    label=_("Relations"),
    about=_(
        "Tell what holds between two names of a text: who works for whom, what lies where. Where there is a reference, "
        "the names are those it relates."
    ),
    limits=_(
        "The bundled models only give words their meaning; relations are learned from your labelled pairs. A relation "
        "that has few examples is often missed."
    ),
    column=_("texts with names in them"),
    reference=_("the relations: pairs of spans with a label, in JSON"),
    new_column="relations",
    options=f"{_OPTIONS}:RelationOptions",
    score=f"{_TASKS}.relations:score",
    scores=(
        Score("macro_f1", _("Macro F1"), _("The mean of each relation's F1, so that rare ones count as much.")),
        Score("micro_f1", _("Micro F1"), _("F1 over all relations together; “none” is no relation.")),
    ),
    ways=(
        Way(
            "llm",
            _("Language model's pairs"),
            _("A logistic regression on what the language model makes of both names and of what stands between."),
            f"{_TASKS}.relations:llm",
            learns=True,
        ),
        Way(
            "classical",
            _("Words between"),
            _("A logistic regression on the words between the names, their types and their order."),
            f"{_TASKS}.relations:classical",
            learns=True,
        ),
        Way(
            "both",
            _("Words and language model"),
            _("A logistic regression on both side by side."),
            f"{_TASKS}.relations:combined",
            learns=True,
        ),
    ),
    sample=TaskSample(FOLDER / "sentences_en.jsonl", "text", "relations"),
    needs_reference=True,
    fewest_texts=10,
)

_BY_CLASS = (
    Score("accuracy", _("Accuracy"), _("The share of texts whose class is right.")),
    Score("macro_f1", _("Macro F1"), _("The mean of each class's F1, so that rare ones count as much.")),
)

SENTIMENT = TextTask(
    name="sentiment",
    label=_("Mood"),
    about=_("Tell whether a text is positive or negative, or put it into classes of your own."),
    limits=_(
        "Without examples the bundled encoder only compares meanings: irony, mixed feelings and moods between the "
        "lines escape it."
    ),
    column=_("texts to judge"),
    reference=_("the right classes"),
    new_column="mood",
    options=f"{_OPTIONS}:SentimentOptions",
    score=f"{_TASKS}.classes:score",
    scores=_BY_CLASS,
    ways=(
        Way(
            "llm",
            _("Without examples"),
            _("The class whose description comes nearest in meaning; nothing is learned from your rows."),
            f"{_TASKS}.sentiment:llm",
        ),
        Way(
            "classical",
            _("Word counts"),
            _("TF-IDF and logistic regression, learned from other rows."),
            f"{_TASKS}.sentiment:classical",
            learns=True,
        ),
        Way(
            "both",
            _("Encoder and logistic regression"),
            _("A language model reads, a logistic regression learns from other rows."),
            f"{_TASKS}.sentiment:combined",
            learns=True,
        ),
    ),
    sample=TaskSample(FOLDER / "meals_zh.csv", "评价", "满意度"),
)

PROMPT = TextTask(
    name="prompt",
    label=_("Prompt a column"),
    about=_("Ask the same of every text, and say what an answer may look like: it is checked, never mended."),
    limits=_(
        "The bundled model has 135 million parameters: it often misses the form asked for, and its choice among "
        "several answers can be little better than guessing. Look at the score before you trust it."
    ),
    column=_("texts to ask about"),
    reference=_("the right answers"),
    new_column="answer",
    options=f"{_OPTIONS}:PromptOptions",
    score=f"{_PROMPTED}:score",
    scores=(
        *_BY_CLASS,
        Score("valid", _("Right form"), _("The share of answers that have the form asked for."), with_reference=False),
    ),
    ways=(
        Way(
            "llm",
            _("Instruct model"),
            _("The language model is asked about each text; of allowed answers it takes the one it finds likeliest."),
            f"{_PROMPTED}:llm",
            writes=True,
        ),
        Way(
            "classical",
            _("Word counts"),
            _("TF-IDF and logistic regression, learned from the answers of other rows."),
            f"{_PROMPTED}:classical",
            learns=True,
        ),
        Way(
            "both",
            _("Encoder and logistic regression"),
            _("A language model reads, a logistic regression learns from the answers of other rows."),
            f"{_PROMPTED}:combined",
            learns=True,
        ),
    ),
    sample=TaskSample(
        FOLDER / "support_tickets.csv",
        "message",
        "priority",
        options=(("prompt", "How urgent is this message?"), ("allowed", ["low", "normal", "high"])),
    ),
)

LABELLING: tuple[TextTask, ...] = (ENTITIES, RELATIONS, SENTIMENT, PROMPT)
