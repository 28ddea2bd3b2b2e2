"""The shelf `casual-hijab`."""

from lumiku_contracts.scene import Contact, Hand, Prop
from lumiku_pose_generator.library import Suitability
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

F: Suitability = "female"
SHELF = shelf(
    "casual-hijab",
    card(
        "hijab-gentle-stand",
        "Gentle Stand | Berdiri Anggun",
        "Hands loosely joined low in front, the head a little aside."
        " | Tangan bertaut ringan di depan, kepala sedikit miring.",
        "hijab, modest, gentle, daily | hijab, sopan, lembut, harian",
        pose(
            (a.FIG_LEAF, a.FIG_LEAF_OVER),
            b.EASY,
            torso=(0, 2, -4),
            pelvis=(14, 0, 0),
            head=(-12, 7, 3),
        ),
        seen(6),
        B,
        F,
        "featured",
    ),
    card(
        "hijab-salam",
        "Salam | Salam",
        "Palms together, a warm greeting. | Kedua telapak bertemu, salam yang hangat.",
        "salam, eid, greeting, ramadan | salam, lebaran, sapaan, ramadan",
        pose(
            b.both(moved(a.PRAYER, y=0.055)),
            b.WEIGHT_RIGHT,
            torso=(4, 4, 0),
            pelvis=(-8, -6, 0),
            head=(6, -7, 4),
        ),
        half(-2),
        B,
        F,
    ),
    card(
        "hijab-shy-smile",
        "Shy Smile | Senyum Malu",
        "A hand near the mouth, the eyes aside."
        " | Satu tangan di dekat mulut, mata melirik ke samping.",
        "shy, smile, sweet, hijab | malu, senyum, manis, hijab",
        pose(
            (
                a.ACROSS,
                a.to(
                    a.A.CHIN,
                    (0.05, -0.16, 0.09),
                    (0.9, -0.9, 0.2),
                    (-0.45, 0.9, -0.1),
                    (-0.3, 0, -1),
                    Hand.RELAXED,
                ),
            ),
            b.WEIGHT_LEFT,
            torso=(2, -4, 4),
            pelvis=(10, 6, 0),
            head=(-14, 8, 6),
            gaze=(-10, 0),
        ),
        half(4),
        B,
        F,
    ),
    card(
        "hijab-touch-scarf",
        "Touching the Scarf | Menyentuh Kerudung",
        "A hand at the side of the scarf. | Satu tangan di sisi kerudung.",
        "scarf, pashmina, hijab, style | kerudung, pashmina, hijab, gaya",
        pose(
            (
                turn(a.HANG, elbow=22),
                a.to(
                    a.A.CHEEK,
                    (0.06, -0.17, 0.06),
                    (1, -0.8, 0.1),
                    (-0.25, 0.95, -0.15),
                    (-0.9, 0, -0.4),
                    Hand.PINCH,
                ),
            ),
            b.CROSSED_ANKLES,
            torso=(-2, 3, -4),
            pelvis=(-12, 0, 0),
            head=(14, -5, 2),
        ),
        three_quarter(2),
        B,
        F,
    ),
    card(
        "hijab-cafe-walk",
        "Walk with a Drink | Jalan dengan Minuman",
        "A relaxed step with a cup in the hand."
        " | Langkah santai dengan secangkir minuman di tangan.",
        "walk, drink, weekend, hijab | jalan, minuman, akhir pekan, hijab",
        pose(
            (turn(a.BACKWARDS, forward=-14), a.HOLD_CUP),
            b.STRIDE,
            torso=(1, 0, -6),
            pelvis=(2, 0, 0),
            head=(14, 4, 0),
            contact=Contact.STRIDING,
            props=(held(Prop.CUP),),
        ),
        seen(-24),
        B,
        F,
    ),
    card(
        "hijab-sit-floor",
        "Sitting on the Mat | Duduk di Tikar",
        "On the floor with both shins aside, hands in the lap."
        " | Duduk bersimpuh di lantai, tangan di pangkuan.",
        "floor, mat, simpuh, modest | lantai, tikar, bersimpuh, sopan",
        pose(
            (a.ON_THIGH, moved(a.FLOOR_ASIDE, x=-0.02, z=0.04)),
            b.MERMAID,
            torso=(2, -4, 4),
            pelvis=(-14, 2, -4),
            head=(10, 5, 2),
            contact=Contact.FLOOR,
        ),
        seen(-4),
        I,
        F,
    ),
)
