"""The shelf `outdoor-lifestyle`."""

from lumiku_contracts.scene import Contact, Hand, Leg
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import turn
from shelves.bodies import pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "outdoor-lifestyle",
    card(
        "shade-eyes",
        "Looking into the Distance | Memandang Jauh",
        "A hand over the eyes against the sun."
        " | Satu tangan di atas mata menahan sinar matahari.",
        "sun, travel, view, hiking | matahari, wisata, pemandangan, mendaki",
        pose(
            (a.ON_HIP, a.SHADE),
            b.STEP,
            torso=(2, 0, -8),
            pelvis=(26, 0, 0),
            head=(12, 0, -4),
            gaze=(0, 4),
        ),
        three_quarter(-8),
        B,
        "unisex",
        "featured",
    ),
    card(
        "arms-wide-breeze",
        "Arms Wide in the Breeze | Merentangkan Tangan",
        "Both arms wide, the face up to the sky."
        " | Kedua lengan terentang, wajah ke langit.",
        "freedom, beach, sky, nature | bebas, pantai, langit, alam",
        pose(
            b.both(turn(a.WELCOME, away=96, forward=-8, rotate=10, elbow=10)),
            b.STEP,
            torso=(-12, 0, 0),
            head=(0, 0, -16),
        ),
        seen(14),
    ),
    card(
        "sit-rock-view",
        "Resting on a Rock | Duduk di Batu",
        "Seated low and leaning back, the hands on the legs."
        " | Duduk rendah dan condong ke belakang, tangan di kaki.",
        "rest, rock, picnic, view | istirahat, batu, piknik, pemandangan",
        pose(
            (a.ON_KNEE, a.ON_THIGH),
            (b.on_chair(10, 70, down=8), b.on_chair(14, 96)),
            torso=(2, 0, 0),
            pelvis=(0, 0, -16),
            head=(22, 0, -4),
            contact=Contact.SEATED,
        ),
        seen(-36),
    ),
    card(
        "hiking-step",
        "Hiking Step | Langkah Mendaki",
        "A long step, leaning forward, a hand on the thigh."
        " | Langkah panjang, condong ke depan, satu tangan di paha.",
        "hiking, mountain, climb, adventure | mendaki, gunung, naik, petualangan",
        pose(
            (a.moved(a.ON_KNEE, y=0.02), turn(a.RUN_BACK, forward=-20, elbow=40)),
            (
                Leg(forward=72, away=4, rotate=6, knee=74, plumb=True),
                Leg(forward=-16, away=2, rotate=6, knee=36, toe=38, plumb=True),
            ),
            torso=(16, 0, -4),
            pelvis=(0, 0, 8),
            head=(4, 0, -14),
            contact=Contact.STRIDING,
        ),
        seen(-44),
        I,
    ),
    card(
        "picnic-legs-out",
        "Picnic | Piknik",
        "On the floor, one knee up, leaning back on a hand."
        " | Duduk di lantai, satu lutut terangkat, bersandar pada satu tangan.",
        "picnic, grass, floor, relaxed | piknik, rumput, lantai, santai",
        pose(
            (a.FLOOR_BEHIND, a.ON_KNEE),
            b.ONE_LEG_LONG,
            torso=(6, 3, 0),
            pelvis=(0, 0, -16),
            head=(16, -3, -2),
            contact=Contact.FLOOR,
        ),
        seen(-34),
    ),
    card(
        "look-up-wonder",
        "Looking up in Wonder | Menatap ke Atas",
        "The head back, a hand at the nape, looking up."
        " | Kepala mendongak, satu tangan di tengkuk, menatap ke atas.",
        "wonder, sky, tourist, tall | kagum, langit, turis, tinggi",
        pose(
            (turn(a.HANG, forward=-6), a.NAPE),
            b.WIDE,
            torso=(-8, 2, 6),
            pelvis=(-20, 0, 0),
            head=(8, -3, -24),
            gaze=(0, 12),
        ),
        seen(-16),
    ),
    card(
        "tie-shoelace",
        "Tying a Shoelace | Mengikat Tali Sepatu",
        "On one knee, both hands at the shoe."
        " | Bertumpu satu lutut, kedua tangan di sepatu.",
        "shoelace, kneel, run, ready | tali sepatu, berlutut, lari, siap",
        pose(
            (
                a.to(
                    a.A.FOOT,
                    (0.10, 0.0, -0.06),
                    (1.05, -0.33, -0.35),
                    (-0.53, 0.06, 0.83),
                    (-0.8, -0.24, -0.45),
                    Hand.PINCH,
                ),
                a.to(
                    a.A.OPPOSITE_FOOT,
                    (0.07, -0.01, -0.07),
                    (0.94, -0.43, -0.52),
                    (-0.37, 0.11, 0.9),
                    (-0.89, -0.15, -0.3),
                    Hand.PINCH,
                ),
            ),
            (
                Leg(forward=106, away=4, knee=104, rotate=4, plumb=True),
                Leg(
                    forward=50,
                    knee=150,
                    toe=62,
                    away=8,
                    rotate=4,
                    planted=False,
                    plumb=True,
                ),
            ),
            torso=(48, -6, 10),
            pelvis=(0, 0, 22),
            head=(4, 0, -6),
            contact=Contact.KNEELING,
        ),
        seen(-40),
        I,
    ),
)
