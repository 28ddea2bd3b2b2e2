"""The Dockerfile, carried out without an engine: its scripts, in a folder of their own.

All stages share one folder that stands for the root of a file system. What is copied
from the repository is what git knows and `.dockerignore` lets through.
"""

import fnmatch
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
AS_ROOT = "/image/account"
"""The script that changes the accounts of the machine: not run here."""


@dataclass(frozen=True)
class Step:
    """One instruction of a stage; `words` without it."""

    stage: str
    name: str
    words: str

    @property
    def listed(self) -> list[str]:
        """Its words, from a JSON list or as a shell would split them."""
        if self.words.startswith("["):
            found: list[str] = json.loads(self.words)
            return found
        return shlex.split(self.words)


def steps(text: str) -> Iterator[Step]:
    """The instructions in order; the last stage is called `final`."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", text))
    stage = ""
    for line in filter(None, map(str.strip, joined.splitlines())):
        name, _, words = line.partition(" ")
        if name == "FROM":
            _, named, called = words.partition(" AS ")
            stage = called if named else "final"
        yield Step(stage, name, words.strip())


def context() -> list[Path]:
    """The files that are sent to a build, relative to the repository."""
    asked = ["git", "ls-files"]
    listed = subprocess.run(
        [*asked, "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    names = [Path(name) for name in listed.stdout.split("\0") if name]
    return [name for name in names if _sent(name, rules) and (ROOT / name).is_file()]


def _sent(name: Path, rules: list[str]) -> bool:
    """The last rule that matches the file, or a folder that it is in, decides."""
    sent = True
    places = [str(one) for one in (name, *name.parents)][:-1]
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        anywhere = "**/" in rule
        for place in places:
            tail = place.rsplit("/", 1)[-1] if anywhere else place
            if fnmatch.fnmatch(tail, pattern) and (anywhere or _deep(place, pattern)):
                sent = rule.startswith("!")
    return sent


def _deep(place: str, pattern: str) -> bool:
    return pattern == "*" or place.count("/") == pattern.count("/")


@dataclass(frozen=True)
class Image:
    """What the Dockerfile makes, below `root`."""

    root: Path

    def inside(self, word: str) -> str:
        """A path of the image as it is here; other words stay."""
        return f"{self.root}{word}" if word.startswith("/") else word

    @property
    def environment(self) -> dict[str, str]:
        """What the last stage sets, with its own folders where they are here."""
        found: dict[str, str] = {}
        for step in steps(DOCKERFILE.read_text()):
            if step.stage == "final" and step.name == "ENV":
                found |= dict(word.split("=", 1) for word in step.listed)
        ours = ("/opt/lumiku", "/data", "/tmp")  # noqa: S108 (of the image)
        for name, value in found.items():
            parts = value.split(":")
            found[name] = ":".join(
                self.inside(part) if part.startswith(ours) else part for part in parts
            )
        return found

    def build(self, say: Path) -> None:
        """Carry out every instruction; what is said is appended to a file."""
        for folder in ("src", "image", "data", "tmp"):
            (self.root / folder).mkdir(parents=True)
        for step in steps(DOCKERFILE.read_text()):
            if step.name == "COPY":
                self._copy(step)
            elif step.name == "RUN" and AS_ROOT not in step.words:
                self._run(step, say)

    def _copy(self, step: Step) -> None:
        *sources, target = [word for word in step.listed if not word.startswith("--")]
        if "--from=" in step.words:  # all stages share a folder
            assert all(Path(self.inside(one)).exists() for one in sources), step
            return
        if sources == ["."]:
            for name in context():
                place = self.root / "src" / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, place)
            return
        for one in sources:
            assert Path(one) in context(), f"{one} is not sent to the build"
            shutil.copy2(ROOT / one, self.inside(target))

    def _run(self, step: Step, say: Path) -> None:
        words = [self.inside(word) for word in step.listed]
        with say.open("ab") as log:
            done = subprocess.run(
                words
                if Path(words[0]).is_absolute()
                else [f"./{words[0]}", *words[1:]],
                cwd=self.root / "src",
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self.root / "tmp"),
                    "PYTHON": os.path.realpath(sys.executable),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=600,
                check=False,
            )
        assert done.returncode == 0, f"{step.words}\n{say.read_text()[-3000:]}"
