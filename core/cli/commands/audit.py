"""``audit``: what was done on the server, from the audit log of ``AMALGAM_HOME``. Light."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.access import audit as audit_log
from core.access.audit import ACTS, Act
from core.cli.terminal import Terminal
from core.messages import UnknownChoice, UnusableData, _, _n, clip, say
from core.workspace import default_home

AGO = re.compile(r"(\d{1,6})([dhm])", re.ASCII)
ENOUGH = 12  # characters of an owner that stand for the whole, as the Admin page shows them
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def audit(options: argparse.Namespace, terminal: Terminal) -> int:
    """Show the acts that fit; 0 also where there is none.

    Raises
    ------
    UnusableData, UnknownChoice
        What was asked for can't be looked for, or the log can't be read.
    """
    home = default_home()
    if not home.is_dir():
        raise UnusableData(
            _("There is no home folder “{folder}”."), _("Say by AMALGAM_HOME where it is."), folder=str(home)
        )
    if unknown := sorted(set(options.act) - ACTS):
        raise UnknownChoice(_("“{act}” is not an act that is written down."), _("Choose one of: {known}."),
                            act=unknown[0], known=sorted(ACTS))  # fmt: skip
    since = moment(options.since) if options.since is not None else None
    n_shown = n_cut = 0
    for act in acts(home):
        if act is None:
            n_cut += 1
        elif fits(act, options.owner, options.act, since):
            n_shown += 1
            terminal.show(json.dumps(asdict(act)) if options.json else line(act))
    if n_cut:
        terminal.note(say(_n("{n} line can't be read.", "{n} lines can't be read."), n=n_cut))
    if not n_shown:
        terminal.note(nothing(filtered=bool(options.act or since or options.owner is not None)))
    return 0


def acts(home: Path) -> Iterator[Act | None]:
    """What was done, the oldest first.

    Raises
    ------
    UnusableData
        The log may not be read.
    """
    try:
        yield from audit_log.read(home)
    except OSError as error:
        raise UnusableData(
            _("The audit log below “{folder}” can't be read: {reason}."),
            _("Ask as the user who runs the server."),
            folder=str(home),
            reason=error.strerror or str(error),
        ) from error


def nothing(*, filtered: bool) -> str:
    """What to say where there is nothing to show."""
    if filtered:
        return _("Nothing of that kind was done, as far as it was written down.")
    return _("Nothing has been done yet: acts are written down when somebody uses the pages.")


def fits(act: Act, owner: str | None, wanted: list[str], since: datetime | None) -> bool:
    """Whether an act is one of those that were asked for.

    Examples
    --------
    >>> fits(Act("2026-01-31T08:15:00+00:00", "ann", "train", "", "", "", ""), "ben", [], None)
    False
    """
    return (
        (owner is None or act.owner == owner or (len(owner) >= ENOUGH and act.owner.startswith(owner.rstrip("…"))))
        and (not wanted or act.act in wanted)
        and (since is None or act.moment >= since)
    )


def moment(text: str) -> datetime:
    """A time that a person has typed: a date, a date with a time, or how long ago.

    Raises
    ------
    UnusableData

    Examples
    --------
    >>> moment("2026-01-31")
    datetime.datetime(2026, 1, 31, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        if found := AGO.fullmatch(text.strip()):
            return datetime.now(UTC) - timedelta(**{UNITS[found[2]]: int(found[1])})
        told = datetime.fromisoformat(text.strip())
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise UnusableData(
            _("“{value}” is not a time."),
            _("Write it as 2026-01-31, 2026-01-31T08:15, or how long ago: 7d, 12h, 30m."),
            value=clip(text),
        ) from None


def line(act: Act) -> str:
    """An act as a line to be read by people.

    Examples
    --------
    >>> line(Act("2026-01-31T08:15:30.125+00:00", "ann", "train", "4d1f", "192.0.2.7", "", "c0ffee"))
    '2026-01-31 08:15:30  train         4d1f  owner=ann address=192.0.2.7 request=c0ffee'
    """
    when = act.moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    others = {"owner": act.owner, "address": act.address, "job": act.job, "request": act.request}
    told = " ".join(f"{name}={clip(value, 200)}" for name, value in others.items() if value)
    return f"{when}  {clip(act.act, 40):12}  {clip(act.about, 200) or '-'}  {told}".rstrip()
