"""A candidate's name, taken apart and put together: ``family[:encoder][+model][@variant]``. Light."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core import catalog
from core.messages import UnknownChoice, _

_FORM = re.compile(r"^(?P<family>[a-z-]+)(:(?P<encoder>[^+@]+))?(\+(?P<model>[a-z0-9-]+))?(@(?P<variant>[a-z]+))?$")
VARIANTS = {"cooperative": ("words",)}  # @words: TF-IDF beside the embeddings


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
    if name.model:
        catalog.model(name.model)
    for part, allowed in ((name.encoder, family.takes_encoder), (name.model, family.takes_model)):
        if part and not allowed:
            raise UnknownChoice(_("“{family}” takes no “{part}”."), _("Leave it out."), family=name.family, part=part)
    if name.variant and name.variant not in VARIANTS.get(name.family, ()):
        raise UnknownChoice(
            _("“{family}” has no variant “{part}”."), _("Leave it out."), family=name.family, part=name.variant
        )
    return name


def model_of(name: Name) -> str:
    """The classical model a name means: the one it says, else the default."""
    return name.model or "linear"
