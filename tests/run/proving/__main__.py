"""`python -m proving` runs the whole proof, prints the totals and writes `docs/proof.md`."""

from __future__ import annotations

import sys

from proving.whole import main

if __name__ == "__main__":
    sys.exit(main())
