"""Tasks whose answers are written: summaries, answers from documents, translations."""

from __future__ import annotations

from core.catalog.text_tasks.declaration import FOLDER, Score, TaskSample, TextTask, Way
from core.messages import _

ROUGE = (
    Score("rouge1", _("ROUGE-1"), _("Words in common with the reference summary (F1).")),
    Score("rouge2", _("ROUGE-2"), _("Pairs of neighbouring words in common with the reference summary (F1).")),
    Score("rougeL", _("ROUGE-L"), _("Longest run of words in the same order, gaps allowed (F1).")),
)

SUMMARISE = TextTask(
    name="summarise",
    label=_("Summarise"),
    about=_("Shorten each text to its main points."),
    limits=_(
        "The bundled model has 135 million parameters: its summaries read well but may leave out the point, or say "
        "what the text does not. Texts of more than about 1,300 words are cut. It writes English only."
    ),
    column=_("texts to shorten"),
    reference=_("summaries to compare with"),
    new_column="summary",
    options="core.results.text_tasks.options:SummariseOptions",
    score="core.text_tasks.answers.summarise:score",
    scores=ROUGE,
    ways=(
        Way(
            "llm",
            _("Instruct model"),
            _("The language model writes the summary in its own words."),
            "core.text_tasks.answers.summarise:llm",
            writes=True,
        ),
        Way(
            "classical",
            _("TextRank or TF-IDF"),
            _("The sentences that most others resemble, or that hold the most telling words, word for word."),
            "core.text_tasks.answers.summarise:classical",
        ),
        Way(
            "both",
            _("Chosen, then restated"),
            _(
                "TextRank chooses sentences and the language model restates them; what it says without grounds gives "
                "way to the sentence itself."
            ),
            "core.text_tasks.answers.summarise:combined",
            writes=True,
        ),
    ),
    sample=TaskSample(FOLDER / "articles.csv", "text", "summary"),
)

ANSWER = TextTask(
    name="answer",
    label=_("Answer questions"),
    about=_("Answer each question from your own documents, and cite the passages that say so."),
    limits=_(
        "The bundled model has 135 million parameters: it often copies a whole sentence, mixes up two passages, or "
        "misses what must be put together from several. Each answer is checked against the passage it cites."
    ),
    column=_("questions"),
    reference=_("right answers, to compare with"),
    new_column="answer",
    options="core.results.text_tasks.options:AnswerOptions",
    score="core.text_tasks.answers.answer:score",
    scores=(
        Score("f1", _("Token F1"), _("Words in common with the right answer, as in SQuAD.")),
        Score("exact", _("Exact match"), _("Share of answers that are the right one, word for word.")),
        Score("contains", _("Contains the answer"), _("Share of answers in which the right one stands.")),
        Score("recall", _("Recall of passages"), _("Share of questions whose right answer stands in a passage found.")),
        Score("borne_out", _("Borne out"), _("Share of answers that a cited passage says."), with_reference=False),
    ),
    ways=(
        Way(
            "llm",
            _("Encoder and instruct model"),
            _("Passages are found by meaning; the language model answers from them."),
            "core.text_tasks.answers.answer:llm",
            writes=True,
        ),
        Way(
            "classical",
            _("BM25, best sentence"),
            _("Passages are found by their words; the sentence with most of the question's words is the answer."),
            "core.text_tasks.answers.answer:classical",
        ),
        Way(
            "both",
            _("Both searches, checked answer"),
            _(
                "Both searches are fused by rank; the language model's answer counts only if a passage says it, "
                "else the best sentence is given."
            ),
            "core.text_tasks.answers.answer:combined",
            writes=True,
        ),
    ),
    sample=TaskSample(
        FOLDER / "questions.csv", "question", "answer", documents=FOLDER / "documents.csv", documents_column="text"
    ),
    needs_documents=True,
)

TRANSLATE = TextTask(
    name="translate",
    label=_("Translate"),
    about=_("Write each text in the language of the reference column."),
    limits=_(
        "The bundled model has 135 million parameters and was trained on English: it can't translate, into Chinese "
        "least of all. Name a larger instruct model or a translation model from Hugging Face, or use the classical way."
    ),
    column=_("texts to translate"),
    reference=_("translations, to learn from and to compare with"),
    new_column="translation",
    options="core.results.text_tasks.options:TranslateOptions",
    score="core.text_tasks.translation.translate:score",
    scores=(
        Score("chrf", _("chrF"), _("Runs of letters in common with the reference, 0 to 100.")),
        Score("bleu", _("BLEU"), _("Runs of up to four words in common with the reference, 0 to 100.")),
    ),
    ways=(
        Way(
            "llm",
            _("Language model"),
            _("The language model translates, shown the three most similar examples of other rows."),
            "core.text_tasks.translation.translate:llm",
            writes=True,
        ),
        Way(
            "classical",
            _("Phrase table (IBM model 1)"),
            _("Phrases learned from your examples, put in order with a bigram model of the target language."),
            "core.text_tasks.translation.translate:classical",
            learns=True,
        ),
        Way(
            "both",
            _("Phrase table, chosen by meaning"),
            _("The five best of the phrase table; multilingual E5 takes the one closest in meaning to the text."),
            "core.text_tasks.translation.translate:combined",
            learns=True,
        ),
        Way(
            "scratch",
            _("Network trained from scratch"),
            _("An encoder-decoder, Transformer or LSTM with attention, that learns from your examples alone."),
            "core.text_tasks.translation.from_scratch:scratch",
            learns=True,
            usual=False,
        ),
    ),
    sample=TaskSample(FOLDER / "parallel_zh.csv", "english", "chinese"),
)
