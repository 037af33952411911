"""What language models are judged by: each measure, and what it means in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.messages import _


@dataclass(frozen=True)
class LanguageMetric:
    """A measure of a language model or of what it writes.

    `group`: of text it did not write ("held-out"), of text it wrote ("generated"); `better`: "real" means the nearer
    to what real text has, the better.
    """

    name: str
    label: str
    about: str
    group: Literal["held-out", "generated"]
    better: Literal["high", "low", "real"]
    unit: Literal["share", "bits", "nats", "words", "points", "none"] = "share"


LANGUAGE_METRICS: dict[str, LanguageMetric] = {
    one.name: one
    for one in (
        LanguageMetric(
            "bits_per_byte",
            _("Bits per byte"),
            _("How many bits a byte of unseen text costs with this model: comparable across tokenisers."),
            "held-out",
            "low",
            "bits",
        ),
        LanguageMetric(
            "perplexity",
            _("Perplexity"),
            _("Among how many equally likely tokens it seems to choose. Depends on the tokeniser."),
            "held-out",
            "low",
            "none",
        ),
        LanguageMetric(
            "cross_entropy",
            _("Cross-entropy"),
            _("Its mean surprise at the next token of unseen text, in nats; the logarithm of the perplexity."),
            "held-out",
            "low",
            "nats",
        ),
        LanguageMetric(
            "token_accuracy",
            _("Token accuracy"),
            _("How often the token it thinks likeliest is the one that follows."),
            "held-out",
            "high",
        ),
        LanguageMetric(
            "top_5",
            _("Among the top 5"),
            _("How often the token that follows is among the five it thinks likeliest."),
            "held-out",
            "high",
        ),
        LanguageMetric(
            "precision",
            _("Next-token precision"),
            _("Of the times it names a token, how often it is right; the mean over tokens, rare ones count as much."),
            "held-out",
            "high",
        ),
        LanguageMetric(
            "recall",
            _("Next-token recall"),
            _("Of the times a token follows, how often it is named; the mean over tokens, rare ones count as much."),
            "held-out",
            "high",
        ),
        LanguageMetric(
            "f1",
            _("Next-token F1"),
            _("Precision and recall of a token in one number; the mean over tokens, rare ones count as much."),
            "held-out",
            "high",
        ),
        LanguageMetric(
            "distinct_1",
            _("Distinct words"),
            _("Different words among all words written. Low: the same words again and again."),
            "generated",
            "real",
        ),
        LanguageMetric(
            "distinct_2",
            _("Distinct pairs"),
            _("Different pairs of neighbouring words among all pairs written."),
            "generated",
            "real",
        ),
        LanguageMetric(
            "distinct_3",
            _("Distinct triples"),
            _("Different runs of three words among all such runs written."),
            "generated",
            "real",
        ),
        LanguageMetric(
            "self_bleu",
            _("Self-BLEU"),
            _("How alike its texts are to each other, 0 to 100. High: it always writes the same."),
            "generated",
            "real",
            "points",
        ),
        LanguageMetric(
            "repetition",
            _("Repetition"),
            _("Of the runs of four words within a text, the share that stood in the same text before."),
            "generated",
            "real",
        ),
        LanguageMetric(
            "coherence",
            _("Coherence"),
            _(
                "How close in meaning neighbouring sentences are (cosine of the bundled encoder). "
                "Hold it against the lines of real and of shuffled text."
            ),
            "generated",
            "real",
            "none",
        ),
        LanguageMetric(
            "divergence",
            _("Divergence from real text"),
            _(
                "How differently its texts and real ones lie in the encoder’s space: 0 alike, 1 apart. "
                "Made after MAUVE (Pillutla et al. 2021) with another encoder and few texts: not comparable with "
                "published figures."
            ),
            "generated",
            "low",
            "none",
        ),
        LanguageMetric(
            "copied",
            _("Longest copy"),
            _("The longest run of words that stands word for word in the training text; the mean over its texts."),
            "generated",
            "real",
            "words",
        ),
    )
}
