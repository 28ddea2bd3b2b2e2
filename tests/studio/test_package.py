"""The package is light to import, honest about its data."""

import hashlib
import json
import subprocess
import sys
from importlib.resources import files

from lumiku_studio import lumiku_plugin

ASSET = files("lumiku_studio") / "asset"
LIMIT = 15 * 1024 * 1024
WITHOUT_NETWORK = """
import sys
tried = []
def watch(event, given):
    if event.startswith("socket.") or event == "urllib.Request":
        tried.append(event)
        raise OSError(event)
sys.addaudithook(watch)
from lumiku_contracts.images import ImageRequest
from lumiku_contracts.scene import Backdrop, BackdropKind, Scene
from lumiku_studio.provider import open_studio
from lumiku_studio.maps.control import KINDS
from lumiku_studio.scene.samples import AVATARS, POSES
place = Backdrop(kind=BackdropKind.SET)
scene = Scene(pose=POSES["sitting"], appearance=AVATARS["aisyah"], backdrop=place)
request = ImageRequest(size=(60, 80), scene=scene, maps=KINDS)
made = open_studio().generate(
    request, progress=lambda *_: None, cancelled=lambda: False
)
print(len(made.maps) == len(KINDS), len(made.picture.content) > 3000, len(tried))
"""


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout


def test_importing_the_plugin_loads_no_heavy_library() -> None:
    heavy = ["numpy", "scipy", "PIL", "embreex", "mitsuba_oidn"]

    loaded = run(
        f"import sys, lumiku_studio; print([m for m in {heavy} if m in sys.modules])"
    )

    assert loaded.strip() == "[]"


def test_the_plugin_offers_pictures_maps_and_what_reads_text_and_photographs() -> None:
    offers = {one.name: set(one.offers) for one in lumiku_plugin().providers}

    assert offers == {
        "studio": {"images", "control-maps"},
        "studio-reader": {"pose-from-text"},
        "studio-eye": {"pose-from-photo", "matte"},
    }


def test_the_asset_is_the_one_of_its_provenance() -> None:
    record = json.loads((ASSET / "PROVENANCE.json").read_text())
    content = (ASSET / record["asset"]).read_bytes()

    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) < LIMIT
    assert "CC0" in (ASSET / "LICENCE-CC0.md").read_text()


def test_the_asset_comes_from_the_cleared_folder_and_holds_adults_only() -> None:
    names = list(json.loads((ASSET / "PROVENANCE.json").read_text())["files"])

    assert not [n for n in names if "baby" in n or "child" in n or "genital" in n]
    folders = {n.split("/")[0] for n in names}
    assert folders <= {"3dobjs", "rigs", "targets", "textures", "LICENSE.md"}


def test_a_picture_with_all_its_maps_is_made_without_a_single_socket() -> None:
    assert run(WITHOUT_NETWORK).split() == ["True", "True", "0"]
