"""Pictures to look at, by command.

`python -m lumiku_studio.lookbook [random|library|wardrobe|heads|chosen] --out FOLDER`:

- `random` people, outfits, poses and cameras, to count defects in;
- `library`: every pose once, as it is best seen;
- `wardrobe`: everybody in every outfit, hair styles and headwear taking turns;
- `heads`: portraits of everybody with every hair style and headwear;
- `chosen`: the pictures that a data file names (`--chosen FILE`), each a small file.

Poses and people are samples unless `--poses` and `--people` name an app's files.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from lumiku_contracts.scene import Scene
from lumiku_studio.album.chosen import chosen, drawn
from lumiku_studio.album.scenes import at_random, heads, wardrobe, whole_library
from lumiku_studio.album.sheets import Layout, pages
from lumiku_studio.album.sources import people, poses


def main() -> None:
    """Write what is asked for, page by page or picture by picture."""
    given = _given()
    given.out.mkdir(parents=True, exist_ok=True)
    size = (given.size[0], given.size[1])
    if given.what == "chosen":
        wanted = tuple(
            one
            for one in chosen(given.chosen)
            if not given.only or one.name in given.only
        )
        for name, content in drawn(
            wanted, people(given.people), poses(given.poses), size
        ):
            (given.out / name).write_bytes(content)
        return
    layout = Layout(given.across, given.down, size)
    for number, page in enumerate(pages(_scenes(given), layout), 1):
        page.save(given.out / f"{given.what}-{number:02}.png")


def _scenes(given: argparse.Namespace) -> Iterator[tuple[str, Scene]]:
    somebody, shown = people(given.people), poses(given.poses)
    if given.only:
        shown = {name: one for name, one in shown.items() if name in given.only}
    if given.what == "library":
        return whole_library(somebody, shown)
    if given.what == "wardrobe":
        return wardrobe(somebody, shown[given.pose])
    if given.what == "heads":
        return heads(somebody, shown[given.pose])
    return at_random(given.seed, given.count, somebody, shown)


def _given() -> argparse.Namespace:
    wanted = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    kinds = ("random", "library", "wardrobe", "heads", "chosen")
    wanted.add_argument("what", nargs="?", default="random", choices=kinds)
    wanted.add_argument("--out", type=Path, default=Path("lookbook"))
    wanted.add_argument("--size", nargs=2, type=int, default=(288, 384))
    wanted.add_argument("--across", type=int, default=5, help="pictures in a row")
    wanted.add_argument("--down", type=int, default=4, help="rows on a page")
    wanted.add_argument("--poses", type=Path, help="an app's poses.json")
    wanted.add_argument("--people", type=Path, help="an app's presets.json")
    wanted.add_argument("--only", nargs="*", help="these poses or chosen names")
    wanted.add_argument(
        "--pose", default="standing-relaxed", help="of clothes and heads"
    )
    wanted.add_argument("--seed", type=int, default=1, help="of random")
    wanted.add_argument("--count", type=int, default=100, help="of random")
    wanted.add_argument("--chosen", type=Path, help="the data file of chosen")
    return wanted.parse_args()


if __name__ == "__main__":
    main()
