"""What nobody needs any more: old logs, uploads that were never read, folders of jobs that are forgotten."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.jobs import limits
from core.workspace import Workspace, now


def tidy(workspace: Workspace) -> None:
    """Delete logs and uploads older than `limits.KEEP_DAYS`, except what an active job may still need."""
    oldest = now() - limits.KEEP_DAYS * 86_400
    with workspace.reading() as database:
        rows = database.execute("SELECT id, params FROM jobs WHERE state IN ('queued', 'running')").fetchall()
    needed = {row["id"] for row in rows}
    texts = [row["params"] for row in rows]
    for path in (workspace.home / "logs").glob("*.log"):
        if changed(path) < oldest and path.stem not in needed:
            path.unlink(missing_ok=True)
    for path in (workspace.home / "uploads").iterdir():
        if changed(path) < oldest and not any(path.name in text for text in texts):
            shutil.rmtree(path, ignore_errors=True)
    left = {path.name.removesuffix(".partial") for path in (workspace.home / "uploads").iterdir()}
    with workspace.database() as database:
        known = [row["id"] for row in database.execute("SELECT id FROM uploads")]
        database.executemany("DELETE FROM uploads WHERE id = ?", [(one,) for one in known if one not in left])


def changed(path: Path) -> float:
    """When a file or folder last changed; now, if it is gone."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return now()
