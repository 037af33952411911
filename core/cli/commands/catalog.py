"""``catalog``: what can be chosen. Light: nothing heavy is loaded to list it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from core import catalog as known
from core.catalog.providers import PROVIDERS
from core.cli.printed.leaderboard import padded
from core.cli.terminal import Terminal
from core.messages import _


def catalog(options: argparse.Namespace, terminal: Terminal) -> int:
    """List encoders, models, families of candidates, metrics and where models that write come from."""
    t = terminal.t
    kinds: dict[str, tuple[str, tuple[Any, ...]]] = {
        "encoders": (_("Encoders"), known.ENCODERS),
        "models": (_("Classical models"), known.MODELS),
        "fusions": (_("Families of candidates"), known.FUSIONS),
        "metrics": (_("Metrics"), tuple(known.METRICS.values())),
        "providers": (_("Language models that write"), PROVIDERS),
    }
    if options.json:
        terminal.document(
            {kind: [_entry(one, terminal) for one in entries] for kind, (_label, entries) in kinds.items()}
        )
        return 0
    for label, entries in kinds.values():
        terminal.show(t(label))
        for one in entries:
            terminal.show(f"  {padded(one.name, 24)}{t(one.label)}")
            terminal.show(f"  {' ' * 24}{t(one.about)}")
            if parts := _parts(one):
                terminal.show(f"  {' ' * 24}{parts}")
        terminal.show()
    return 0


def _parts(one: Any) -> str:
    """What may stand behind a family's name: ``+linear|svm @concat|gated``."""
    choices = (("+", getattr(one, "heads", ())), ("@", getattr(one, "variants", ())))
    return " ".join(f"{mark}{'|'.join(known)}" for mark, known in choices if known)


def _entry(one: Any, terminal: Terminal) -> dict[str, Any]:
    """An entry as data: its words translated, its import path left out."""
    told = {key: sorted(value) if isinstance(value, frozenset) else value for key, value in asdict(one).items()}
    told.pop("build", None)
    for entry in [told, *told.get("parameters", ())]:
        entry.update(label=terminal.t(entry["label"]), about=terminal.t(entry["about"]))
    return told
