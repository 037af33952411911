"""ROUGE by Google's rouge-score, with words that Chinese has, too."""

from __future__ import annotations

from rouge_score import rouge_scorer

from core.text_tasks.words import stem, words

KINDS = ("rouge1", "rouge2", "rougeL")


class Words:
    """The tokeniser given to rouge-score: small letters, Porter stems of words over three letters, Chinese words."""

    def tokenize(self, text: str) -> list[str]:
        return [stem(word) if len(word) > 3 else word for word in words(text)]


def rouge(reference: str, answer: str) -> dict[str, float]:
    """ROUGE-1, -2 and -L as F1, 0 to 1.

    References
    ----------
    Lin, "ROUGE: A package for automatic evaluation of summaries", 2004.
    """
    found = rouge_scorer.RougeScorer(list(KINDS), tokenizer=Words()).score(reference, answer)
    return {kind: float(found[kind].fmeasure) for kind in KINDS}
