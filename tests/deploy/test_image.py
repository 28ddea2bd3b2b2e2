"""What lies in the built image, and what does not."""

import re
from pathlib import Path

import pytest
from tests.deploy.dockerfile import Image

pytestmark = pytest.mark.faults


def test_the_image_reads_photographs_without_asking_the_network(image: Image) -> None:
    (site,) = Path(image.inside("/opt/lumiku")).glob("lib/python*/site-packages")
    folder = site / "lumiku_studio" / "photo" / "weights"

    assert [path for path in folder.glob("*.tflite") if path.stat().st_size > 100_000]
    assert (folder / "LICENSE").is_file()


def test_the_image_holds_what_is_listed_and_no_more(image: Image) -> None:
    (site,) = Path(image.inside("/opt/lumiku")).glob("lib/python*/site-packages")
    there = {
        path.name.partition("-")[0].lower().replace("_", "-")
        for path in site.glob("*.dist-info")
    }
    listed = {
        re.split(r"==", line)[0].lower()
        for line in Path(image.inside("/image/requirements.txt"))
        .read_text()
        .splitlines()
        if "==" in line
    }

    assert {one for one in there if not one.startswith("lumiku-")} == listed
    assert not {"pip", "setuptools", "pytest", "mypy"} & there
