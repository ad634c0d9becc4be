"""`python -m tests.mutants [jobs [mutants a line]]`: the whole campaign; fails if anything refuted is proved."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter

from tests.mutants.campaign import A_LINE, proved_lines, run


def main(arguments: list[str]) -> int:
    jobs = int(arguments[0]) if arguments else os.cpu_count() or 1
    count = int(arguments[1]) if len(arguments) > 1 else A_LINE
    start, tally, conflicts = time.perf_counter(), Counter[str](), []
    for fate in run(jobs, count):
        tally["both" if fate.conflict else "refuted" if fate.refuted else "proved" if fate.proved else "neither"] += 1
        if fate.conflict:
            conflicts.append(fate)
            print(f"PROVED AND REFUTED  {fate.name}  ({fate.what})\n    {fate.shown}", flush=True)
    print(
        f"{sum(tally.values())} mutants of {len(proved_lines())} proved lines: {tally['refuted']} refuted, "
        f"{tally['proved']} proved (they are still true), {tally['neither']} neither, {tally['both']} both; "
        f"{time.perf_counter() - start:.0f} s"
    )
    return 1 if conflicts else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
