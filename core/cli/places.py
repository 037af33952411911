"""Where a command may write: never over something that is not its own, and always whole."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from core.files import made_whole, written_whole, zip_folder
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
    if out.suffix == ".zip":
        with written_whole(out) as place, place.open("wb") as file:
            zip_folder(bundle, file)
    else:
        with made_whole(out) as place:
            shutil.copytree(bundle, place, dirs_exist_ok=True)
