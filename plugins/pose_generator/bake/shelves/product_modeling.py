"""The shelf `product-modeling`."""

from lumiku_contracts.scene import Contact, Hand, Hold, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "product-modeling",
    card(
        "product-chest",
        "Product at Chest | Produk di Dada",
        "Both hands hold a box at chest height, towards the viewer."
        " | Kedua tangan memegang kotak setinggi dada, menghadap ke depan.",
        "product, box, package, holding | produk, kotak, paket, memegang",
        POSES["product-chest"],
        half(),
        B,
        "unisex",
        "featured",
    ),
    card(
        "product-beside-face",
        "Product beside the Face | Produk di Samping Wajah",
        "A bottle held up next to the face. | Botol diangkat di samping wajah.",
        "bottle, skincare, cosmetic, beauty | botol, skincare, kosmetik, kecantikan",
        pose(
            (a.POCKET, a.SHOW),
            b.WEIGHT_LEFT,
            torso=(0, -3, 4),
            pelvis=(6, 6, 0),
            head=(-6, -6, 0),
            gaze=(-6, 0),
            props=(held(Prop.BOTTLE),),
        ),
        half(-4),
    ),
    card(
        "product-towards-viewer",
        "Product to the Viewer | Produk ke Arah Penonton",
        "An outstretched hand offers the bottle to the viewer."
        " | Tangan terjulur menawarkan botol kepada penonton.",
        "offer, bottle, close, recommend | menawarkan, botol, dekat, rekomendasi",
        pose(
            (a.ON_HIP, a.SHOW_FRONT),
            b.STEP,
            torso=(4, 0, 4),
            pelvis=(-10, 0, 0),
            head=(6, 4, 2),
            props=(held(Prop.BOTTLE),),
        ),
        three_quarter(-14),
    ),
    card(
        "product-on-palm",
        "Product on the Palm | Produk di Telapak",
        "A flat palm carries the product, the other hand presents it."
        " | Telapak datar membawa produk, tangan lain mempersembahkannya.",
        "present, palm, small product, show"
        " | persembahan, telapak, produk kecil, tunjukkan",
        pose(
            (turn(a.PALM_UP, hand=Hand.FLAT), a.OFFERING),
            b.EASY,
            torso=(2, 2, 6),
            head=(8, 4, 8),
            gaze=(6, -8),
            props=(held(Prop.CUP, Hold.LEFT),),
        ),
        half(8),
        I,
    ),
    card(
        "box-overhead",
        "Box Overhead | Kotak di Atas Kepala",
        "A box lifted over the head in triumph."
        " | Kotak diangkat di atas kepala dengan gembira.",
        "box, unboxing, triumph, win | kotak, unboxing, gembira, menang",
        pose(
            b.both(
                a.to(
                    a.A.CROWN,
                    (0.15, 0.10, 0.05),
                    (1, 0, 0.2),
                    (0.06, 0.8, 0.5),
                    (-1, 0, 0),
                    Hand.FLAT,
                    up=10,
                )
            ),
            b.WIDE,
            torso=(-4, 0, 0),
            head=(0, 0, -10),
            props=(Prop.BOX,),
        ),
        seen(6),
        I,
    ),
    card(
        "box-on-hip",
        "Box on the Hip | Kotak di Pinggang",
        "A parcel carried on one hip. | Paket dibawa di satu sisi pinggang.",
        "parcel, shop, packing, carry | paket, toko, kemas, membawa",
        pose(
            (
                moved(a.HOLD_BOX, x=0.04, y=-0.14, z=-0.02),
                moved(a.HOLD_BOX, x=-0.04, y=-0.14, z=-0.02),
            ),
            b.WEIGHT_RIGHT,
            torso=(-2, 7, 8),
            pelvis=(6, -6, 0),
            head=(-8, -4, 0),
            props=(Prop.BOX,),
        ),
        three_quarter(12),
    ),
    card(
        "seated-product",
        "Seated with the Product | Duduk dengan Produk",
        "On a stool, the box held on the lap."
        " | Duduk di bangku dengan kotak di pangkuan.",
        "stool, box, lap, catalogue | bangku, kotak, pangkuan, katalog",
        pose(
            b.both(moved(a.HOLD_BOX, y=-0.06, z=0.08)),
            (b.on_chair(9, 92), b.on_chair(4, 78)),
            torso=(2, 0, -6),
            pelvis=(36, 0, 0),
            head=(-28, 4, 0),
            contact=Contact.SEATED,
            props=(Prop.STOOL, Prop.BOX),
        ),
        seen(6),
    ),
)
