"""Tasks that find something in texts: keywords of each, topics of all."""

from __future__ import annotations

from core.catalog.text_tasks.declaration import FOLDER, Score, TaskSample, TextTask, Way
from core.messages import _

KEYWORDS = TextTask(
    name="keywords",
    label=_("Keywords"),
    about=_("Find the words and pairs of words that say what each text is about."),
    limits=_("Only words that stand in the text are found; a small encoder likes general words better than names."),
    column=_("texts to find keywords in"),
    reference=_("keywords to compare with, separated by semicolons"),
    new_column="keywords",
    options="core.results.text_tasks.options:KeywordOptions",
    score="core.text_tasks.finding.keywords:score",
    scores=(
        Score("f1", _("F1"), _("Keywords in common with the reference, compared by their stems.")),
        Score("precision", _("Precision"), _("Share of the keywords found that are in the reference.")),
        Score("recall", _("Recall"), _("Share of the reference's keywords that were found.")),
    ),
    ways=(
        Way(
            "llm",
            _("Meaning of the text"),
            _("Words closest in meaning to the whole text by the encoder, or written by the language model."),
            "core.text_tasks.finding.keywords:llm",
        ),
        Way(
            "classical",
            _("TF-IDF"),
            _("Words that are frequent here and rare in the other texts."),
            "core.text_tasks.finding.keywords:classical",
        ),
        Way(
            "both",
            _("TF-IDF and meaning"),
            _("Both orders fused by rank."),
            "core.text_tasks.finding.keywords:combined",
        ),
    ),
    sample=TaskSample(FOLDER / "articles.csv", "text", "keywords"),
)

TOPICS = TextTask(
    name="topics",
    label=_("Topics"),
    about=_("Sort the texts into topics that nobody named beforehand, and say which words tell them apart."),
    limits=_(
        "Topics are what these texts happen to fall into: look at stability before you trust them. Names that the "
        "bundled model writes are guesses from the topic's words."
    ),
    column=_("texts to sort"),
    reference=_("a known grouping to compare with"),
    new_column="topic",
    options="core.results.text_tasks.options:TopicOptions",
    score="core.text_tasks.finding.topics:score",
    scores=(
        Score("ami", _("Agreement (AMI)"), _("Mutual information with the reference: 0 as by chance, 1 the same.")),
        Score(
            "coherence",
            _("Coherence (NPMI)"),
            _("Whether a topic's words stand in the same texts, -1 to 1."),
            with_reference=False,
        ),
        Score(
            "stability",
            _("Stability"),
            _("Agreement with topics found in four fifths of the texts (adjusted Rand index, 1 is the same)."),
            with_reference=False,
        ),
    ),
    ways=(
        Way(
            "llm",
            _("Encoder clusters"),
            _("Texts close in meaning, with the words closest in meaning to each cluster's centre."),
            "core.text_tasks.finding.topics:llm",
        ),
        Way(
            "classical",
            _("TF-IDF and factors (NMF)"),
            _("Texts that share words, by non-negative factors of their TF-IDF table."),
            "core.text_tasks.finding.topics:classical",
        ),
        Way(
            "both",
            _("Encoder clusters, c-TF-IDF words"),
            _("Texts close in meaning, with the words frequent in a cluster and rare outside."),
            "core.text_tasks.finding.topics:combined",
        ),
    ),
    sample=TaskSample(FOLDER / "articles.csv", "text", "topic", options=(("topics", "5"),)),
    fewest_texts=10,
)
