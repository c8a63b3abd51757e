"""What `mkdocs build` does besides: the pages that don't lie in docs/ are made, and links led to pages of the site."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # mkdocs runs this file by its path

from tools import build_docs

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_pages = lru_cache(maxsize=1)(build_docs.site_pages)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put each rule's page behind the list of rules in the navigation, by families."""
    families: dict[str, list[dict[str, str]]] = {}
    for path in sorted(_pages()):
        parts = path.split("/")
        if parts[0] == "rules":
            families.setdefault(parts[1], []).append({parts[2].removesuffix(".md"): path})
    for entry in config.nav or ():
        if entry.get("Rules") == "rules.md":
            entry["Rules"] = ["rules.md", *({family: listed} for family, listed in families.items())]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made."""
    from mkdocs.structure.files import File

    for path, text in _pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead the links of a page in docs/ to pages."""
    path = page.file.src_uri
    if path in _pages():
        return markdown
    return build_docs.site_text(markdown, f"docs/{path}", lambda wanted: files.get_file_from_path(wanted) is not None)
