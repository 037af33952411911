"""A network trained from scratch never sees the rows it answers."""

from __future__ import annotations

from core.language.training.pairs import PairModel
from core.results.text_tasks.options import TranslateOptions
from core.text_tasks.base import Tools
from core.text_tasks.folds import out_of_fold
from core.text_tasks.translation.from_scratch import scratch
from tests.text_tasks.translation.test_translate import planted

KINDS = ["red", "blue", "old", "new", "big"]
THINGS = ["cat", "dog", "house", "car", "tree", "book"]


def test_a_network_trained_from_scratch_never_sees_the_rows_it_answers(monkeypatch):
    pairs = planted(60)
    seen = []
    fit = PairModel.fit

    def watched(self, given, **options):
        seen.append({source for source, _target in given})
        return fit(self, given, **options)

    monkeypatch.setattr(PairModel, "fit", watched)
    texts = [source for source, _target in pairs]
    options = TranslateOptions(network="lstm-encoder-decoder", steps=10, folds=2)
    tools = Tools(None, None, 1, references=[target for _source, target in pairs])
    answers = list(scratch(texts, options, tools))
    folds = out_of_fold(texts, [True] * len(texts), 2, 0)
    assert len(answers) == len(texts)
    assert len(seen) == 2
    for number, learned in enumerate(seen):
        assert learned == {text for text, fold in zip(texts, folds, strict=True) if fold != number}
    again = list(scratch(texts, options, tools))
    assert [answer.text for answer in again] == [answer.text for answer in answers]
