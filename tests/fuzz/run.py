"""Run one target under atheris: ``python tests/fuzz/run.py TARGET [libFuzzer's options]``.

What makes a target fail is written to .fuzz: mend it, and put it into the corpus.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

FOLDER = Path(__file__).parent


def main() -> None:
    """Fuzz until libFuzzer's options say stop. New inputs go to a folder beside the kept corpus."""
    sys.path.insert(0, str(FOLDER))
    with atheris.instrument_imports(include=["sfn_least_privilege"]):
        from fuzz_targets import TARGETS  # noqa: PLC0415 -- instrumented as it is imported
    name, *options = sys.argv[1:]
    found = Path(".fuzz") / name
    found.mkdir(parents=True, exist_ok=True)
    arguments = [f"-artifact_prefix=.fuzz/{name}-", *options, str(found), str(FOLDER / "corpus" / name)]
    atheris.Setup([sys.argv[0], *arguments], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
