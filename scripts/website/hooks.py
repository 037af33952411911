"""What mkdocs calls while it builds: the reference's pages and menu, and the picture of the rooms drawn as SVG."""

from __future__ import annotations

from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts import picture
from scripts.house import ROOT
from scripts.website import reference


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Add the reference to the menu."""
    config.nav = [*(config.nav or []), {"Reference": reference.menu()}]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the reference's pages, and the app's icon."""
    files.append(File.generated(config, "pictures/icon.svg", abs_src_path=str(ROOT / "assets" / "icon.svg")))
    for path, content in reference.pages().items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_others: Any) -> str:
    """Draw the rooms where the repository shows them by Mermaid, whose script would come from the network."""
    return picture.as_svg(markdown) if picture.BEGIN in markdown else markdown
