"""Pin what is installed, with hashes: requirements.lock runs the project, requirements-dev.lock works on it.

The requirements are read from setup.cfg and pyproject.toml as they stand, so that nothing is built first.
Neither file names an index: where packages come from is the business of the machine that installs them.
"""

import configparser
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOWEST_PYTHON = "3.11"


def runtime_requirements() -> str:
    """What the project needs to run, and what builds it: `pip install --no-build-isolation` needs both."""
    setup = configparser.ConfigParser()
    setup.read(PROJECT / "setup.cfg", encoding="utf-8")
    build = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"][
        "requires"
    ]
    return "\n".join([setup["options"]["install_requires"].strip(), *build])


def pin(lock: str, *sources: str, requirements: str) -> None:
    options = ["--universal", "--python-version", LOWEST_PYTHON, "--generate-hashes", "--upgrade", "--quiet"]
    silence = ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", "make lock"]
    command = [sys.executable, "-m", "uv", "pip", "compile", *options, *silence, *sources, "-", "-o", lock]
    subprocess.run(command, cwd=PROJECT, input=requirements, text=True, check=True, stdout=subprocess.DEVNULL)
    addresses = [line for line in (PROJECT / lock).read_text(encoding="utf-8").splitlines() if "://" in line]
    if addresses:
        sys.exit(f"{lock} names an address: {addresses[0]}")


def main() -> None:
    requirements = runtime_requirements()
    pin("requirements.lock", requirements=requirements)
    pin(
        "requirements-dev.lock",
        "requirements-dev.in",
        "--constraint",
        "requirements.lock",
        requirements=requirements,
    )


if __name__ == "__main__":
    main()
