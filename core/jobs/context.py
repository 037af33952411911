"""What a piece of work is given: where to write, how to say how far it is, how to learn that it should stop."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from core.access.consent import Sender
from core.messages import Cancelled, Message, _
from core.workspace import Workspace


@dataclass
class Context:
    """The world of one job, seen from inside.

    Parameters
    ----------
    workspace : Workspace
    owner, job : str
        Whose job, and its id; the id is the run's too.
    folder : Path
        Write results here. It is moved into place when the work returns, and kept as it stands for a resume when the
        process dies: whatever is found here at the start is finished work of an earlier attempt. Write each file
        whole, to a temporary name first.
    report : callable (stage, share, finding) → None
        Receives progress; `share` is 0 to 1 of the whole job, or None where it is not known.
    stop : callable () → bool
        True once the user cancelled.
    threads : int
        How many threads the work may use.
    expect : callable (seconds) → None
        Receives how long the whole job will still take, from work that has an estimate of its own.
    send_to : str
        Host that the person at the command line lets read the texts of this run (``--send-to``).
    """

    workspace: Workspace
    owner: str
    job: str
    folder: Path
    report: Callable[[Message, float | None, Message | None], None] = lambda stage, share, finding: None
    stop: Callable[[], bool] = lambda: False
    threads: int = field(default_factory=lambda: os.cpu_count() or 1)
    expect: Callable[[float], None] = lambda remaining_seconds: None
    send_to: str = ""

    def sender(self, dataset: str, beside: tuple[str, ...] = ()) -> Sender:
        """On whose behalf the texts of a data set are sent, for whoever asks a language model about them.

        dataset, beside: as for `core.access.consent.Sender`
        """
        return Sender(self.workspace.home, self.owner, dataset, self.send_to, beside)

    def progress(
        self,
        stage: Message,
        share: float | None = None,
        finding: Message | None = None,
        remaining_seconds: float | None = None,
    ) -> None:
        """Say what is being done, how far the whole job is, and the last thing found out.

        remaining_seconds: of the whole job, from work that knows better than its share tells.

        Raises
        ------
        Cancelled
            The user cancelled; every report is also a place to stop.
        """
        self.check()
        if remaining_seconds is not None:
            self.expect(remaining_seconds)
        self.report(stage, share, finding)

    def cancelled(self) -> bool:
        return self.stop()

    def check(self) -> None:
        """Stop here if the user cancelled.

        Raises
        ------
        Cancelled
        """
        if self.stop():
            raise Cancelled(_("This was cancelled."))
