"""A process of its own that draws a large picture twice: `python -m …check.large`.

Prints JSON: the digest of each file, CPU seconds of the second, the most memory used,
and the digest of the small picture that the judge draws too.
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
    digests, used = [], []
    for _ in range(2):
        began = time.process_time()
        made = render(PLAIN.scene, LARGE, quality=Quality.STANDARD)
        digests.append(sha256(marks.png(made.image, ENGINE)).hexdigest())
        used.append(time.process_time() - began)
    # In kilobytes on Linux, where the bound was set.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    drawn(PLAIN.scene, LARGE, Quality.STANDARD)
    told = {"digests": digests, "cpu": used[1], "gib": peak, "tries": tries}
    json.dump(told | {"small": fingerprint()}, sys.stdout)


if __name__ == "__main__":
    main()
