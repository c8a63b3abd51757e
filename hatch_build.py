"""The build of a wheel puts in what tools/prepare.py makes of the cards; nothing of it is left in the checkout."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PreparedData(BuildHookInterface[BuilderConfig]):
    """An editable install needs none of it: it reads the cards of the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path[:0] = [self.root, str(Path(self.root, "tools"))]
        import prepare

        self._folder = tempfile.TemporaryDirectory()
        for path in prepare.write(Path(self._folder.name)):
            build_data["force_include"][str(path)] = f"tflint_tap/prepared/{path.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()
