"""What flags say of the target's cells: ``--target-as``, ``--rare`` and ``--rare-below``."""

from __future__ import annotations

import argparse
from typing import Any

from core.messages import UnknownChoice, _


def target_as(known: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """What a plan says of the target's cells, with what the flags say over it.

    Raises
    ------
    UnknownChoice
        A flag can't be read.
    """
    chosen = dict(known)
    if options.target_as is not None:
        rare = {name: known[name] for name in ("rare", "rare_below", "other") if name in known}
        chosen = rare | _way(options.target_as)
    if options.rare is not None:
        chosen |= _rare(options.rare)
    if options.rare_below is not None:
        if options.rare_below < 2:
            raise UnknownChoice(_("“--rare-below” is a whole number from 2."))
        if not chosen.get("rare"):
            raise UnknownChoice(_("“--rare-below” says which classes are rare."), _("Add --rare drop or --rare merge."))
        chosen["rare_below"] = options.rare_below
    return chosen


def _way(text: str) -> dict[str, Any]:
    way, _colon, rest = text.partition(":")
    if text in {"plain", "log"}:
        return {"way": "" if text == "plain" else text}
    if way == "bins" and rest:
        return {"way": "bins", **_ranges(rest, text)}
    if way == "label" and rest:
        return {"way": "label", "label": rest.strip()}
    raise UnknownChoice(
        _("“{flag}” is no way to predict a column."),
        _("Ways are log, bins:4, bins:10,50 (borders), label:NAME and plain."),
        flag=text,
    )


def _ranges(rest: str, text: str) -> dict[str, Any]:
    try:
        if "," not in rest:
            n = int(rest)
            if not 2 <= n <= 20:
                raise UnknownChoice(_("“{flag}” asks for fewer than 2 or more than 20 ranges."), flag=text)
            return {"bins": n}
        edges = [float(part) for part in rest.split(",") if part.strip()]
    except ValueError:
        raise UnknownChoice(
            _("“{flag}” does not say ranges."), _("Write how many, bins:4, or their borders, bins:10,50."), flag=text
        ) from None
    if not edges or edges != sorted(set(edges)):
        raise UnknownChoice(
            _("The borders in “{flag}” do not rise."), _("Write each once, the lowest first."), flag=text
        )
    return {"edges": edges}


def _rare(text: str) -> dict[str, Any]:
    way, _colon, name = text.partition(":")
    if way == "drop" and not name:
        return {"rare": "drop"}
    if way == "merge":
        return {"rare": "merge", **({"other": name.strip()} if name.strip() else {})}
    raise UnknownChoice(_("“{flag}” is not drop, merge or merge:NAME."), flag=text)
