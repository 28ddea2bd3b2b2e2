"""The shelf `dance`."""

from lumiku_contracts.scene import Contact, Hand, Leg
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import pose, seen, thigh
from shelves.cards import A, card, shelf

SHELF = shelf(
    "dance",
    card(
        "arabesque",
        "Arabesque | Arabesque",
        "On one leg, the other far behind, arms in a line."
        " | Satu kaki bertumpu, kaki lain jauh ke belakang, lengan segaris.",
        "ballet, balance, line, elegant | balet, keseimbangan, garis, anggun",
        pose(
            (
                turn(a.UP, forward=112, away=10, hand=Hand.RELAXED, shoulder_up=4),
                turn(a.ASIDE, away=80, forward=-18, hand=Hand.RELAXED),
            ),
            (
                Leg(away=-1, rotate=14, plumb=True),
                Leg(forward=-42, away=4, rotate=20, knee=6, ankle=-50, planted=False),
            ),
            torso=(-14, 0, 0),
            pelvis=(0, 0, 22),
            head=(0, 0, -10),
        ),
        seen(-70),
        A,
        "female",
        "premium",
        "featured",
    ),
    card(
        "traditional-hands",
        "Traditional Dance | Tari Tradisional",
        "Bent knees, the wrists flexed in a Javanese line."
        " | Lutut ditekuk, pergelangan tangan melentik gaya Jawa.",
        "traditional, javanese, balinese, culture | tradisional, jawa, bali, budaya",
        pose(
            (
                turn(
                    a.ASIDE,
                    away=76,
                    forward=20,
                    elbow=52,
                    rotate=30,
                    pronate=-20,
                    wrist=-55,
                    hand=Hand.FLAT,
                ),
                turn(
                    a.ASIDE,
                    away=52,
                    forward=30,
                    elbow=70,
                    rotate=-10,
                    pronate=40,
                    wrist=-50,
                    hand=Hand.OK,
                ),
            ),
            (
                Leg(forward=26, away=14, rotate=34, knee=44, plumb=True),
                Leg(forward=30, away=10, rotate=30, knee=46, toe=18, plumb=True),
            ),
            torso=(-4, 10, -6),
            pelvis=(0, 6, 0),
            head=(20, -14, 2),
        ),
        seen(0),
        A,
    ),
    card(
        "hip-hop-low",
        "Hip-Hop | Hip-Hop",
        "Low and wide, one arm across, one thrown back."
        " | Rendah dan lebar, satu lengan menyilang, satu ke belakang.",
        "hip-hop, street, urban, beat | hip-hop, jalanan, urban, irama",
        pose(
            (
                moved(a.POINT_ACROSS, y=-0.04, z=0.12),
                turn(a.ASIDE, away=58, forward=-30, elbow=40, hand=Hand.POINT),
            ),
            (
                Leg(forward=44, away=26, rotate=24, knee=62, plumb=True),
                Leg(forward=10, away=34, rotate=30, knee=22, plumb=True),
            ),
            torso=(12, 12, -14),
            pelvis=(8, 4, 8),
            head=(20, -6, -6),
            contact=Contact.LUNGING,
        ),
        seen(-6),
        A,
    ),
    card(
        "spin",
        "Spin | Berputar",
        "On one toe with the other foot at the knee, arms round."
        " | Berputar di satu ujung kaki, kaki lain di lutut, lengan melingkar.",
        "spin, pirouette, turn, dance | putar, pirouette, balet, tari",
        pose(
            (
                a.to(
                    a.A.CHEST,
                    (0.15, -0.04, 0.28),
                    (1, -0.1, 0.2),
                    (-1, 0, 0.1),
                    (0, -0.1, -1),
                    Hand.RELAXED,
                ),
            )
            * 2,
            (
                Leg(away=-1, rotate=14, toe=38),
                thigh(58, 28, rotate=66, knee=122, ankle=-45, planted=False),
            ),
            torso=(-3, 0, 6),
            head=(-20, 0, 0),
            contact=Contact.STRIDING,
        ),
        seen(8),
        A,
    ),
    card(
        "freestyle-groove",
        "Groove | Joget",
        "Hips aside and both arms bent to the beat."
        " | Pinggul ke samping dan kedua lengan mengikuti irama.",
        "groove, party, music, fun | joget, pesta, musik, seru",
        pose(
            (
                turn(a.FLEX, away=70, elbow=100),
                turn(
                    a.OFFERING, forward=30, away=24, elbow=88, pronate=0, hand=Hand.FIST
                ),
            ),
            b.WEIGHT_RIGHT,
            torso=(2, 14, 10),
            pelvis=(-6, -8, 0),
            head=(8, -10, 0),
        ),
        seen(4),
    ),
    card(
        "leap",
        "Leap | Lompatan",
        "A split in the air, one leg before, one behind."
        " | Split di udara, satu kaki di depan, satu di belakang.",
        "leap, jump, ballet, grand jete | lompatan, balet, split, melayang",
        pose(
            (turn(a.UP, forward=104, away=58), turn(a.ASIDE, away=92, forward=-10)),
            (
                Leg(forward=86, away=4, knee=6, ankle=-55, planted=False),
                Leg(forward=-43, away=6, knee=14, ankle=-60, planted=False),
            ),
            torso=(-14, 0, 0),
            pelvis=(0, 0, 4),
            head=(0, 0, -6),
            contact=Contact.JUMPING,
            lift=0.4,
        ),
        seen(-66),
        A,
        "unisex",
        "premium",
    ),
)
