"""Runs the Python of the documentation, and of the contract's docstrings, as tests.

Tests may import what they share: `from tests.kernel.shop import Shop`.
"""

import os
import sys
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("LUMIKU_HOSTS", "testserver")  # as Starlette's client calls it
os.environ.setdefault("LUMIKU_RATE_LIMITS", "off")  # but where they are the matter

prose = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=[
        "README.md",
        "docs/*.md",
        "contracts/README.md",
        "plugins/studio/README.md",
    ],
)
docstrings = Sybil(
    parsers=[DocTestParser()], patterns=["contracts/lumiku_contracts/*.py"]
)

pytest_collect_file = (prose + docstrings).pytest()
