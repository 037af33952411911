"""``doctor``: what works on this machine, one line each."""

from __future__ import annotations

import argparse

from core.cli.terminal import Terminal
from core.doctor import examine
from core.messages import _


def doctor(options: argparse.Namespace, terminal: Terminal) -> int:
    """Say what works; 2 if something does not."""
    findings = examine()
    fine = all(finding.fine for finding in findings)
    if options.json:
        found = [
            {
                "ok": finding.fine,
                "what": finding.what.model_dump(),
                "remedy": finding.remedy.model_dump() if finding.remedy else None,
            }
            for finding in findings
        ]
        terminal.document({"ok": fine, "findings": found})
        return 0 if fine else 2
    words = {True: terminal.t(_("ok")), False: terminal.t(_("problem"))}
    for finding in findings:
        remedy = f" {terminal.t(finding.remedy)}" if finding.remedy else ""
        terminal.show(f"{words[finding.fine]}: {terminal.t(finding.what)}{'.' if remedy else ''}{remedy}")
    return 0 if fine else 2
