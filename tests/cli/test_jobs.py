"""The same verdicts in the same order, however many workers there are and whatever kind they are."""

from concurrent.futures import ThreadPoolExecutor

from chainrule.cli.judging import judge_all, judged_by
from chainrule.project import load
from tests.conftest import RIGHT


def test_any_executor_gives_the_same_answers_in_the_same_order(make):
    head, body = RIGHT.split("gradient =")
    text = head + "".join(f"{name} ={body}" for name in ("gradient", "wrong", "crash", "open_one"))
    project = load(make({f"derivations/{n}.py": text for n in "abc"}))
    here = judge_all(project, 1)
    with ThreadPoolExecutor(3) as pool:
        answers = list(judged_by(pool, project))
    assert [a for a in answers if isinstance(a, list)] == list(here.verdicts.values())
    assert [str(a) for a in answers if not isinstance(a, list)] == [str(e) for e in here.errors]
    assert len(here.errors) == 3 and len(here.verdicts) == 9
