"""Where a command may write: never over something that is not its own, and always whole."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from core.messages import UnusableData, _


def check_new(folder: Path) -> None:
    """That a run's folder is new or empty.

    Raises
    ------
    UnusableData
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UnusableData(_("“{folder}” exists already."), _("Choose another place."), folder=str(folder))


def check_bundle(out: Path) -> None:
    """That a bundle written there replaces nothing but an older bundle.

    Raises
    ------
    UnusableData
    """
    if out.is_dir():
        fine = out.suffix != ".zip" and ((out / "manifest.json").is_file() or not any(out.iterdir()))
    else:
        fine = not out.exists() or (out.suffix == ".zip" and zipfile.is_zipfile(out))
    if not fine:
        raise UnusableData(_("“{folder}” exists and is not a bundle."), _("Choose another place."), folder=str(out))


def put_bundle(bundle: Path, out: Path) -> None:
    """A finished bundle's folder in its place, as a folder or, by its name, as a zip."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f"{out.name}.partial")
    if out.suffix == ".zip":
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_STORED) as packed:
            for path in sorted(bundle.rglob("*")):
                if path.is_file():
                    packed.write(path, path.relative_to(bundle))
        partial.replace(out)
        return
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(bundle, partial)
    if out.exists():
        shutil.rmtree(out)
    partial.replace(out)
