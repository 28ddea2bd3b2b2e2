"""The shelf `martial-arts`."""

from lumiku_contracts.scene import Contact, Hand, Leg
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import pose, seen, thigh, three_quarter
from shelves.cards import A, I, card, shelf

SHELF = shelf(
    "martial-arts",
    card(
        "fighting-guard",
        "Fighting Guard | Sikap Siap",
        "Fists before the chin, one foot ahead."
        " | Kepalan di depan dagu, satu kaki di depan.",
        "boxing, guard, fight, ready | tinju, siaga, bertarung, siap",
        pose(
            (moved(a.GUARD, x=0.02, z=0.11), moved(a.GUARD, x=0.03)),
            (
                Leg(forward=22, away=6, rotate=4, knee=20, plumb=True),
                Leg(forward=-10, away=9, rotate=28, knee=22, toe=12, plumb=True),
            ),
            torso=(8, 0, -14),
            pelvis=(-28, 0, 0),
            head=(38, 0, 4),
        ),
        seen(4),
        I,
        "unisex",
        "featured",
    ),
    card(
        "straight-punch",
        "Straight Punch | Pukulan Lurus",
        "One fist forward, the other at the hip."
        " | Satu kepalan ke depan, satu di pinggang.",
        "punch, karate, tsuki, power | pukulan, karate, tsuki, tenaga",
        pose(
            (a.CHAMBERED, a.PUNCH),
            (
                Leg(forward=34, away=12, rotate=8, knee=42, plumb=True),
                Leg(forward=-24, away=10, rotate=30, knee=4, plumb=True),
            ),
            torso=(0, 0, 10),
            head=(-4, 0, 0),
            contact=Contact.LUNGING,
        ),
        seen(-36),
        I,
    ),
    card(
        "horse-stance",
        "Horse Stance | Kuda-Kuda",
        "Wide and low with both fists at the hips."
        " | Lebar dan rendah, kedua kepalan di pinggang.",
        "horse stance, silat, kung fu, low | kuda-kuda, silat, kung fu, rendah",
        pose(
            b.both(a.CHAMBERED),
            (thigh(50, 36, rotate=22, knee=74, plumb=True),) * 2,
            torso=(-2, 0, 0),
            contact=Contact.CROUCHING,
        ),
        seen(6),
        I,
    ),
    card(
        "front-kick",
        "Front Kick | Tendangan Depan",
        "One leg kicks straight ahead, fists up."
        " | Satu kaki menendang lurus ke depan, kepalan siaga.",
        "kick, taekwondo, karate, high | tendangan, taekwondo, karate, tinggi",
        pose(
            (a.GUARD, moved(a.GUARD, z=0.04)),
            (
                Leg(away=0, rotate=16, knee=10, plumb=True),
                Leg(forward=88, away=2, rotate=0, knee=10, ankle=-10, planted=False),
            ),
            torso=(8, 0, 0),
            pelvis=(0, 0, -14),
            head=(0, 0, 4),
            contact=Contact.STRIDING,
        ),
        seen(-56),
        A,
    ),
    card(
        "side-kick",
        "Side Kick | Tendangan Samping",
        "One leg thrust out to the side, the trunk leaning away."
        " | Satu kaki menendang ke samping, badan condong menjauh.",
        "kick, side, taekwondo, power | tendangan, samping, taekwondo, tenaga",
        pose(
            (a.GUARD, turn(a.ASIDE, away=40, elbow=40, hand=Hand.FIST)),
            (
                Leg(away=2, rotate=30, knee=8, plumb=True),
                Leg(forward=6, away=62, rotate=-10, knee=6, ankle=8, planted=False),
            ),
            torso=(2, 12, 0),
            pelvis=(0, 24, 0),
            head=(-50, 0, 0),
            contact=Contact.STRIDING,
        ),
        seen(0),
        A,
    ),
    card(
        "silat-opening",
        "Silat Opening | Jurus Silat",
        "A low stance with open hands, one high and one low."
        " | Kuda-kuda rendah dengan tangan terbuka, satu tinggi dan satu rendah.",
        "silat, tradition, open hand, indonesia"
        " | silat, tradisi, tangan terbuka, indonesia",
        pose(
            (
                a.to(
                    a.A.SHOULDER,
                    (0.10, -0.10, 0.46),
                    (1, -0.5, 0),
                    (-0.1, 1, 0.25),
                    (-0.25, 0, 1),
                    Hand.FLAT,
                ),
                a.to(
                    a.A.BELLY,
                    (0.06, 0.10, 0.24),
                    (1, -0.1, -0.4),
                    (-0.8, 0.15, 0.6),
                    (0, -1, 0.2),
                    Hand.FLAT,
                ),
            ),
            (
                Leg(forward=60, away=16, rotate=10, knee=86, plumb=True),
                Leg(forward=-4, away=32, rotate=48, knee=44, plumb=True),
            ),
            torso=(10, 0, -10),
            pelvis=(-16, 0, 0),
            head=(26, 0, 2),
            contact=Contact.LUNGING,
        ),
        seen(-10),
        A,
    ),
    card(
        "respect-bow",
        "Bow of Respect | Hormat",
        "Fist in palm before the chest, a small bow."
        " | Kepalan di telapak di depan dada, sedikit membungkuk.",
        "bow, respect, dojo, start | hormat, membungkuk, dojo, mulai",
        pose(
            (
                a.to(
                    a.A.CHEST,
                    (0.085, -0.05, 0.20),
                    (1, -0.4, 0),
                    (-0.55, 0.8, 0.2),
                    (-0.9, 0, -0.3),
                    Hand.FLAT,
                ),
                a.to(
                    a.A.CHEST,
                    (0.085, -0.06, 0.20),
                    (1, -0.3, 0),
                    (-1, 0.15, 0.1),
                    (0, -0.6, -0.8),
                    Hand.FIST,
                ),
            ),
            b.STEP,
            torso=(20, 0, 0),
            pelvis=(0, 0, 8),
            head=(0, 0, 2),
        ),
        three_quarter(-8),
    ),
)
