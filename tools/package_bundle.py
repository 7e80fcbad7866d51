"""Pack the function's bundle into a zip file that is the same, byte for byte, wherever and whenever it is made.

    python tools/package_bundle.py BUNDLE_FOLDER OUTPUT_FOLDER

The file is called ``sfn-least-privilege-VERSION.zip``. What is printed are its size and hash, the latter also as Lambda
writes it and as the templates in ``org/`` want it; that one stands in a file beside the package, too.
Source: https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import importlib.util
import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path

MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time every file carries: the earliest that a zip file can say."""

EVERYBODY_READS = 0o100644 << 16
"""Lambda runs the code as a user who is not its owner."""

UNIX = 3


def main() -> int:
    """Pack, and print what was packed; 1 where the bundle is not what Lambda should get."""
    parser = argparse.ArgumentParser(description="Pack the function's bundle reproducibly.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    uncompiled = [path for path in arguments.bundle.rglob("*.py") if not compiled(path)]
    if uncompiled:
        print(
            f"{len(uncompiled)} modules are not compiled, because the Python of the function was not found: the "
            "package would differ from the one made elsewhere. Install that Python and run make package again.",
            file=sys.stderr,
        )
        return 1
    arguments.output.mkdir(parents=True, exist_ok=True)
    package = arguments.output / f"sfn-least-privilege-{version(arguments.bundle)}.zip"
    package.write_bytes(packed(arguments.bundle))
    package.with_suffix(".zip.code-sha256").write_text(f"{code_sha256(package)}\n", encoding="ascii")
    print(described(package))
    return 0


def compiled(module: Path) -> bool:
    """Whether a compiled form, of any Python, stands beside ``module``."""
    cache = Path(importlib.util.cache_from_source(str(module))).parent
    return any(cache.glob(f"{module.stem}.cpython-*.pyc"))


def version(bundle: Path) -> str:
    """The version that the bundled package has."""
    source = (bundle / "sfn_least_privilege" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    if found is None:
        message = f"{bundle} holds no version of sfn_least_privilege"
        raise ValueError(message)
    return found[1]


def packed(bundle: Path) -> bytes:
    """``bundle`` as a zip file: sorted by name, with the same time and rights for every file, and no folders."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(bundle.rglob("*"), key=lambda path: path.relative_to(bundle).as_posix()):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(bundle).as_posix(), MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = UNIX
                entry.external_attr = EVERYBODY_READS
                archive.writestr(entry, path.read_bytes())
    return target.getvalue()


def code_sha256(package: Path) -> str:
    """The hash of the package as Lambda writes it.

    Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
    """
    return base64.b64encode(hashlib.sha256(package.read_bytes()).digest()).decode("ascii")


def described(package: Path) -> str:
    """What somebody who uploads the package, or checks it, wants to know."""
    content = package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    return "\n".join(
        (
            f"file        {package}",
            f"size        {len(content):,} bytes, unpacked {unpacked:,}",
            f"SHA-256     {hashlib.sha256(content).hexdigest()}",
            f"CodeSha256  {code_sha256(package)}",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
