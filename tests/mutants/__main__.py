"""`python -m tests.mutants [jobs [mutants a line]]`: the whole campaign; fails if anything refuted is proved."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter

from tests.mutants.campaign import A_LINE, run


def main(arguments: list[str]) -> int:
    jobs = int(arguments[0]) if arguments else os.cpu_count() or 1
    count = int(arguments[1]) if len(arguments) > 1 else A_LINE
    start, tally, lines = time.perf_counter(), Counter[str](), set[str]()
    for chapter, found in run(jobs, count):
        here = Counter(fate.outcome for fate in found)
        print(f"{chapter:40} {', '.join(f'{k} {outcome}' for outcome, k in sorted(here.items()))}", flush=True)
        for fate in found:
            if fate.conflict or fate.broke:
                print(f"{fate.broke or 'PROVED AND REFUTED'}  {fate.name}  ({fate.what})\n    {fate.shown}", flush=True)
        tally += here
        lines |= {fate.name for fate in found}
    print(
        f"{sum(tally.values())} mutants of {len(lines)} proved lines: {tally['refuted']} refuted, "
        f"{tally['proved']} proved (they are still true), {tally['neither']} neither, {tally['both']} both, "
        f"{tally['broken']} broke the engine; "
        f"{time.perf_counter() - start:.0f} s"
    )
    return 1 if tally["both"] or tally["broken"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
