"""Translation by a network that has never seen a text before: an encoder-decoder taught on the reference column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.catalog.language_models import ARCHITECTURES, n_parameters
from core.language.training.pairs import PairModel
from core.messages import _, say
from core.results.text_tasks.options import TranslateOptions
from core.results.text_tasks.task import AnswerData
from core.text_tasks.base import Answer, Tools
from core.text_tasks.folds import out_of_fold
from core.text_tasks.translation.translate import enough


def scratch(texts: Sequence[str], options: TranslateOptions, tools: Tools) -> Iterator[Answer]:
    """Each text as it is translated by a network that was trained on the pairs of the other folds."""
    enough(texts, tools)
    folds = out_of_fold(texts, [bool(right) for right in tools.references], options.folds, tools.seed)
    distinct = sorted(set(folds))
    written: dict[int, str] = {}
    losses, sizes = [], []
    for place, number in enumerate(distinct):
        rows = zip(texts, tools.references, folds, strict=True)
        pairs = [(text, right) for text, right, fold in rows if right and fold != number]
        model = PairModel.of(pairs, options.network, tools.seed)
        loss = 0.0
        for step in model.fit(pairs, steps=options.steps):
            tools.share((place + step.share) / len(distinct))
            loss = step.loss_nats
        losses.append(loss)
        sizes.append(n_parameters(model.architecture, model.tokens.size))
        asked = [row for row, fold in enumerate(folds) if fold == number]
        written.update(zip(asked, model.write([texts[row] for row in asked], options.max_tokens), strict=True))
    tools.notes.append(
        say(
            _(
                "{network} of {n} million weights, taught on the pairs of the other folds ({folds} folds, {steps} "
                "steps each) and on nothing else; the loss ended at {loss} nats per token. It needs thousands of pairs."
            ),
            network=say(ARCHITECTURES[options.network].label),
            n=round(max(sizes) / 1e6, 1),
            folds=len(distinct),
            steps=options.steps,
            loss=round(sum(losses) / len(losses), 2),
        )
    )
    for row in range(len(texts)):
        yield Answer(written[row], AnswerData())
