"""A candidate's name, taken apart, put together (``family[:encoder][+model][@variant]``) and in words. Light."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core import catalog
from core.catalog import Task
from core.messages import Message, UnknownChoice, _, say

_FORM = re.compile(r"^(?P<family>[a-z-]+)(:(?P<encoder>[^+@]+))?(\+(?P<model>[a-z0-9-]+))?(@(?P<variant>[a-z-]+))?$")
LINEAR = {"regression": _("Ridge"), "binary": _("Logistic regression"), "multiclass": _("Logistic regression")}


@dataclass(frozen=True)
class Name:
    """The parts of a candidate's name; what was not said is ``""``."""

    family: str
    encoder: str = ""
    model: str = ""
    variant: str = ""

    def __str__(self) -> str:
        text = self.family
        for mark, part in ((":", self.encoder), ("+", self.model), ("@", self.variant)):
            if part:
                text = f"{text}{mark}{part}"
        return text


def parse(text: str) -> Name:
    """Take a name apart.

    Raises
    ------
    UnknownChoice
        It is not of that form, or a part of it is not in the catalogue.
    """
    found = _FORM.match(text.strip())
    if found is None:
        raise UnknownChoice(
            _("“{name}” is not the name of a candidate."),
            _("Names look like cooperative:minilm+svm-linear; “python -m core catalog” lists the parts."),
            name=text,
        )
    name = Name(**{part: value or "" for part, value in found.groupdict().items()})
    family = catalog.fusion(name.family)
    if name.model and family.heads and name.model not in family.heads:
        raise UnknownChoice(
            _("“{family}” has no head called “{part}”."),
            _("Choose one of: {known}."),
            family=name.family,
            part=name.model,
            known=list(family.heads),
        )
    if name.model and not family.heads:
        catalog.model(name.model)
    takes_model = family.takes_model or bool(family.heads)
    for part, allowed in ((name.encoder, family.takes_encoder), (name.model, takes_model)):
        if part and not allowed:
            raise UnknownChoice(_("“{family}” takes no “{part}”."), _("Leave it out."), family=name.family, part=part)
    if name.variant and name.variant not in family.variants:
        raise UnknownChoice(
            _("“{family}” has no variant “{part}”."), _("Leave it out."), family=name.family, part=name.variant
        )
    return name


def model_of(name: Name) -> str:
    """The classical model, or the head, a name means: the one it says, else the default."""
    return name.model or "linear"


def uses_llm(family: str) -> bool:
    """Whether a language model takes part in a family."""
    return any(fusion.name == family and fusion.llm for fusion in catalog.FUSIONS)


def is_baseline(family: str) -> bool:
    """Whether a family is there to be beaten."""
    return any(fusion.name == family and fusion.baseline for fusion in catalog.FUSIONS)


def family_label(family: str) -> Message:
    """A family as the catalogue calls it; one that it does not have stands as it is."""
    return _label(next((fusion.label for fusion in catalog.FUSIONS if fusion.name == family), ""), family)


def encoder_label(encoder: str) -> Message:
    """An encoder as the catalogue calls it; a Hugging Face id, a folder or a file stands as it is."""
    if encoder == "bundled":
        return say(_("the bundled model"))
    entry = catalog.encoder(encoder)
    return _label(entry.label if entry else "", encoder)


def model_label(model: str, task: Task | None = None) -> Message:
    """A classical model as the catalogue calls it; the linear one by what it is for this task."""
    if model == "linear" and task is not None:
        return say(LINEAR[task])
    return _label(next((entry.label for entry in catalog.MODELS if entry.name == model), ""), model)


def label(text: str, *, encoder: str = "", model: str = "", task: Task | None = None) -> Message:
    """“Cooperative · MiniLM (English) · Linear SVM” for ``cooperative:minilm+svm-linear``.

    encoder, model: what a bare family turned out to use.
    """
    found = _FORM.match(text)
    name = Name(**{part: value or "" for part, value in found.groupdict().items()}) if found else Name(text)
    words = [family_label(name.family)]
    encoders = [part for part in (name.encoder or encoder).split(", ") if part and uses_llm(name.family)]
    words += [encoder_label(part) for part in encoders]
    if (name.model or model) and name.family != "dummy":
        words.append(_model_of_family(name.family, name.model or model, task))
    words += [_label(catalog.VARIANTS.get(part, ""), part) for part in name.variant.split("-") if part]
    gaps = {f"part{place}": word for place, word in enumerate(words)}
    return Message(id=" · ".join(f"{{{gap}}}" for gap in gaps), params=gaps)


def _model_of_family(family: str, model: str, task: Task | None) -> Message:
    heads = next((fusion.heads for fusion in catalog.FUSIONS if fusion.name == family), ())
    return _label(catalog.HEADS.get(model, ""), model) if heads else model_label(model, task)


def _label(known: str, unknown: str) -> Message:
    return say(known) if known else Message(id="{name}", params={"name": unknown})
