"""The compiled forms of the hot loops, where they were built.

`declutter._speedups` (src/speedups) does what the Python beside each of its calls does, with the same results: features
and summaries of pages to the four decimals that they are rounded to, the rest to the last bit; tests/test_compiled.py
holds the two against each other. Without it, or with DECLUTTER_PURE=1 in the environment, the Python runs.
"""

from __future__ import annotations

import os

__all__ = ["speedups", "used"]

try:
    from declutter import _speedups as speedups

    used = not os.environ.get("DECLUTTER_PURE")
except ImportError:
    used = False
