"""Many generated formulas through `chainrule diff --batch`; each answer is then held against exact worlds.

python -m tests.diff.campaign 1000 [seed]
"""

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from chainrule.code import with_imports
from chainrule.diff import derived
from chainrule.errors import ChainruleError
from chainrule.typed import read_formula
from tests.diff.checking import compare, worlds
from tests.diff.generated import lines

WORLDS = 2
"""Exact worlds in which an answer is checked."""


def answers(asked: list[dict]) -> list[dict]:
    """What the command says to each question."""
    command = [sys.executable, "-m", "chainrule", "diff", "--batch", "-"]
    given = "".join(json.dumps(line) + "\n" for line in asked)
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def fault(asked: dict, answer: dict) -> str:
    """What is wrong with an answer: nothing, "unchecked" where no world was found, or the reason."""
    if not answer["ok"]:
        return f"refused: {answer['error']}"
    try:
        found = derived(read_formula(asked["expr"], kinds=asked["vars"]), asked["wrt"], asked["order"])
        if (found.shown("text"), with_imports(found.python)) != (answer["text"], answer["python"]):
            return "another answer the second time"
        seen = list(worlds(found, WORLDS))
        for world in seen:
            compare(found, world)
    except AssertionError as error:
        return f"wrong: {str(error)[:300]}"
    except ChainruleError as error:
        return f"refused the second time: {error.text}"
    return "" if seen else "unchecked"


def faults(asked: list[dict], answered: list[dict]) -> Iterator[tuple[dict, str]]:
    """Every question whose answer has a fault."""
    for question, answer in zip(asked, answered, strict=True):
        said = fault(question, answer)
        if said:
            yield question, said


def main(count: int, seed: int) -> int:
    asked = lines(count, seed)
    answered = answers(asked)
    seconds = sorted(a["seconds"] for a in answered if a["ok"])
    evidence = Counter(a["evidence"] if a["ok"] else "refused" for a in answered)
    middle, most = (1000 * q for q in (statistics.median(seconds), seconds[int(0.95 * len(seconds))]))
    print(f"{len(answered)} answers: {dict(evidence)}", flush=True)
    print(f"median {middle:.0f} ms, 95 % within {most:.0f} ms, slowest {seconds[-1]:.1f} s", flush=True)
    for question, answer in zip(asked, answered, strict=True):
        if answer.get("evidence") != "PROVED":
            print(answer.get("evidence", "refused"), json.dumps(question), answer.get("error", ""), flush=True)
    found = list(faults(asked, answered))
    for question, said in found:
        print(said, json.dumps(question), flush=True)
    wrong = [said for _, said in found if said != "unchecked"]
    print(f"{len(wrong)} faults, {len(found) - len(wrong)} unchecked")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
