"""What judges the studio's pictures is right itself, and independent of the studio."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from tests.studio.check.drawn import Drawn
from tests.studio.check.fidelity import correct
from tests.studio.check.mapping import OPENPOSE, overlap, parsed
from tests.studio.check.shelf import Shelf, seen_from
from tests.studio.check.subjects import MOST_EXCEPTIONS, exceptions, sample
from tests.studio.check.verdict import BEGIN, END, at_least, at_most, told, write
from tests.studio.check.witness import COCO, Seen

from lumiku_contracts.scene import Camera
from lumiku_pose_generator.library import library

ROOT = Path(__file__).parents[2]
CHANCE = np.random.default_rng(5)
JOINTS = CHANCE.uniform(0, 100, (18, 2))
DRAWS = ("body", "hair", "maps", "scene", "shading", "studio", "tracing", "wardrobe")


def drawn(**changed: object) -> Drawn:
    said = {"visible": np.ones(18, bool), "behind": np.full(18, np.nan)} | changed
    return Drawn(Path(), JOINTS, **said)


def seen(off: float = 0.0) -> Seen:
    """Every joint where it is, the first moved aside by a share of the box."""
    joints = JOINTS[COCO].copy()
    joints[0, 0] += off * np.ptp(JOINTS, axis=0).max()
    return Seen(joints, np.ones(17))


def ran(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_witness_shares_no_code_with_what_draws() -> None:
    loaded = ran(
        "import sys, tests.studio.check.witness\n"
        "print(*(m for m in sys.modules if m.startswith('lumiku_studio.')))"
    ).split()

    assert "lumiku_studio.photo.people" in loaded
    assert [m for m in loaded if m.split(".")[1] in DRAWS] == []


def test_a_joint_is_correct_within_a_tenth_of_the_box() -> None:
    assert correct(seen(0.09), drawn()) == 1
    assert correct(seen(0.11), drawn()) == pytest.approx(16 / 17)


def test_nobody_found_is_nothing_correct() -> None:
    assert correct(None, drawn()) == 0


def test_a_joint_that_something_hides_is_not_judged() -> None:
    behind = np.full(18, np.nan)
    behind[COCO[0]] = 0.5

    assert correct(seen(0.5), drawn(behind=behind)) == 1


def test_joints_are_read_by_colour_and_covered_ones_left_out() -> None:
    picture = np.zeros((60, 200, 3), np.uint8)
    for number, colour in enumerate(OPENPOSE):
        picture[20:25, 10 * number : 10 * number + 5] = colour
    picture[20:23, 0:5] = 7

    found = parsed(picture)

    assert sorted(found) == list(range(1, 18))
    assert found[3].tolist() == [32.5, 22.5]


def test_a_pose_is_found_again_from_what_a_camera_sees_of_it() -> None:
    space = CHANCE.normal(0, 0.5, (40, 18, 3))
    shelf = Shelf(tuple(map(str, range(40))), space, space[:, :15])
    camera = Camera(yaw=25)
    places = 300 * seen_from(space[7:8, COCO], camera)[0] + 140

    ranked = shelf.ranked(Seen(places, np.ones(17)), camera, 0.5)

    assert ranked[0] == "7"
    assert shelf.ranked(None, camera, 0.5) == []


def test_what_is_judged_is_in_the_library_and_few_are_excepted() -> None:
    assert {one.pose for one in sample()} <= set(library())
    assert set(exceptions()) <= set(library())
    assert len(exceptions()) <= MOST_EXCEPTIONS * len(library())
    assert all(len(reason) > 20 for reason in exceptions().values())


def test_overlap_is_shared_over_either() -> None:
    one, other = np.zeros((2, 4), bool), np.zeros((2, 4), bool)
    one[:, :3], other[:, 1:] = True, True

    assert overlap(one, other) == 0.5
    assert overlap(~one & one, ~one & one) == 0


def test_whatever_would_leave_the_machine_is_refused_and_told() -> None:
    said = ran(
        "import socket\n"
        "from tests.studio.check.offline import blocked\n"
        "tries = blocked()\n"
        "try:\n"
        "    socket.create_connection(('127.0.0.1', 9))\n"
        "except OSError as refused:\n"
        "    print(refused, len(tries))"
    )

    assert said.startswith("the studio is judged without a network")
    assert int(said.split()[-1]) >= 1


def test_a_verdict_passes_on_its_line_and_the_page_keeps_its_words(
    tmp_path: Path,
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")

    write(page, "2 poses", [at_least("1", "a", 0.97, 0.97), at_most("2", "b", 2, 1)])

    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    assert "| 1 | a | 0.970 | ≥ 0.97 | passed |" in text
    assert "| 2 | b | 2.000 | ≤ 1 | **failed** |" in text


@pytest.mark.parametrize("share", [0.98, 0.96])
def test_the_exit_code_says_whether_every_line_was_passed(
    share: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("cv2", reason="comes with make photo")
    run = import_module("tests.studio.check.__main__")
    found = [told("1", "seen", "2"), at_least("1", "mean", share, 0.97)]
    monkeypatch.setattr(run, "judge", lambda *_, **__: iter(found))
    monkeypatch.setattr(run.weights, "lacking", lambda: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    out = tmp_path / "found.json"
    monkeypatch.setattr(sys, "argv", ["check", "--json", str(out)])

    failed = run.main()

    assert failed == (share < 0.97)
    assert json.loads(out.read_text())["passed"] == (not failed)
