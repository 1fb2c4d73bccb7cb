"""Generates the part of the package that follows from openapi.json, as a step of its build."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path(__file__).parent
TARGET = FOLDER / "src" / "taskward" / "generated"


class GenerateClient(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        documents = [FOLDER / "openapi.json", FOLDER.parent.parent / "openapi.json"]
        document = next(path for path in documents if path.exists())
        shutil.rmtree(TARGET, ignore_errors=True)
        command = ["generate", "--path", document, "--meta", "none", "--output-path", TARGET]
        program = Path(sys.executable).with_name("openapi-python-client")
        subprocess.run([program, *command], check=True)
        # It is not committed, and the builder leaves out what Git ignores.
        build_data["artifacts"].append("src/taskward/generated/**")
