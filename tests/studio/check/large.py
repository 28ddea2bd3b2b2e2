"""A large picture, drawn by a process of its own: `python -m tests.studio.check.large`.

Prints JSON: the digests of the file that is kept and of one drawn now, CPU seconds and
memory of that, and the digest of the small picture that the judge draws too.
"""

import json
import resource
import sys
import time
from hashlib import sha256

from tests.studio.check.drawn import drawn
from tests.studio.check.offline import blocked
from tests.studio.check.substance import PLAIN, fingerprint

from lumiku_contracts.images import Quality
from lumiku_studio import marks, render
from lumiku_studio.studio import ENGINE

LARGE = (768, 1024)


def main() -> None:
    """Draw and tell."""
    tries = blocked()
    small = fingerprint()
    first = drawn(PLAIN.scene, LARGE, Quality.STANDARD).picture.read_bytes()
    began = time.process_time()
    made = render(PLAIN.scene, LARGE, quality=Quality.STANDARD)
    again = marks.png(made.image, ENGINE)
    used = time.process_time() - began
    told = {
        "digests": [sha256(content).hexdigest() for content in (first, again)],
        "small": small,
        "cpu": used,
        # In kilobytes on Linux, where the bound was set.
        "gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2,
        "tries": tries,
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
