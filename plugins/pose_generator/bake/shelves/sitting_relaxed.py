"""The shelf `sitting-relaxed`."""

from lumiku_contracts.scene import Contact, Hand, Leg, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import pose, seen
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "sitting-relaxed",
    card(
        "sitting",
        "Sitting | Duduk",
        "Seated upright with the hands on the thighs."
        " | Duduk tegak dengan tangan di atas paha.",
        "seat, stool, chair, sit | kursi, bangku, santai, duduk",
        POSES["sitting"],
        seen(-30),
        B,
        "unisex",
        "featured",
    ),
    card(
        "cross-legged",
        "Cross-Legged | Duduk Bersila",
        "On the floor with crossed legs, a hand on the knee, the other on the thigh."
        " | Duduk bersila di lantai, satu tangan di lutut, satu di paha.",
        "floor, crossed legs, calm, home | lantai, bersila, tenang, rumah",
        pose(
            (a.ON_KNEE, a.ON_THIGH),
            b.CROSS_LEGGED,
            torso=(14, 3, 0),
            head=(12, 4, -6),
            contact=Contact.FLOOR,
        ),
        seen(-8),
    ),
    card(
        "legs-crossed-chair",
        "Legs Crossed on a Chair | Kaki Bersilang di Kursi",
        "One knee over the other, hands on the knee."
        " | Satu lutut di atas yang lain, tangan di lutut.",
        "chair, elegant, crossed, interview | kursi, anggun, bersilang, wawancara",
        pose(
            (
                moved(a.ROUND_KNEE, x=0.03, y=0.06),
                moved(a.ON_THIGH, x=0.03, y=0.03, z=-0.04),
            ),
            b.LEGS_CROSSED,
            torso=(4, 3, 0),
            head=(-8, 3, 0),
            contact=Contact.SEATED,
            props=(Prop.CHAIR,),
        ),
        seen(-18),
    ),
    card(
        "figure-four-sit",
        "Ankle on the Knee | Kaki di Atas Lutut",
        "One ankle on the other knee, an arm over the back."
        " | Satu pergelangan kaki di atas lutut, lengan di sandaran.",
        "chair, relaxed, menswear, casual | kursi, santai, pria, kasual",
        pose(
            b.both(a.ON_THIGH),
            b.FIGURE_FOUR,
            torso=(2, -3, 0),
            pelvis=(0, 0, -10),
            head=(10, 3, 0),
            contact=Contact.SEATED,
            props=(Prop.CHAIR,),
        ),
        seen(-22),
        I,
        "male",
    ),
    card(
        "hug-knees",
        "Hugging the Knees | Memeluk Lutut",
        "On the floor, arms round the drawn-up knees. | Duduk di lantai memeluk lutut.",
        "floor, cosy, knees, quiet | lantai, nyaman, lutut, tenang",
        pose(
            (
                moved(a.ROUND_SHIN, y=0.05, z=0.03),
                a.ROUND_SHIN,
            ),
            b.KNEES_UP,
            torso=(22, 0, 0),
            pelvis=(0, 0, -8),
            head=(10, 6, -10),
            contact=Contact.FLOOR,
        ),
        seen(-38),
    ),
    card(
        "elbows-on-knees",
        "Elbows on the Knees | Siku di Lutut",
        "Leaning forward on a chair, the hands meet between the knees."
        " | Condong ke depan di kursi, tangan bertemu di antara lutut.",
        "chair, thoughtful, serious, coach | kursi, berpikir, serius, pelatih",
        pose(
            (
                a.to(
                    a.A.KNEE,
                    (-0.10, 0.0, 0.14),
                    (1, 0.0, -0.6),
                    (-0.8, -0.2, 0.5),
                    (-0.4, -0.6, 0),
                    Hand.RELAXED,
                ),
                a.to(
                    a.A.KNEE,
                    (-0.10, 0.045, 0.14),
                    (1, 0.0, -0.6),
                    (-0.8, -0.2, 0.5),
                    (-0.4, -0.6, 0),
                    Hand.RELAXED,
                ),
            ),
            (b.on_chair(18, 92), b.on_chair(18, 88)),
            torso=(34, 0, 0),
            pelvis=(0, 0, 18),
            head=(4, 2, -40),
            contact=Contact.SEATED,
            props=(Prop.STOOL,),
        ),
        seen(-12),
    ),
    card(
        "lounge-side",
        "Lying on the Side | Berbaring Miring",
        "On the side, the head in the hand, one leg bent."
        " | Berbaring miring, kepala ditopang tangan, satu kaki ditekuk.",
        "lying, sofa, home, relaxed | berbaring, sofa, rumah, santai",
        pose(
            (
                a.to(
                    a.A.EAR,
                    (0.03, -0.08, 0.03),
                    (1, 0.3, 0.4),
                    (-0.3, 1, 0.0),
                    (-1, 0, 0),
                    Hand.FLAT,
                ),
                a.to(
                    a.A.HIP,
                    (0.03, 0.02, 0.03),
                    (0.9, 0.2, 0.3),
                    (0, -1, 0.2),
                    (-1, 0, 0),
                    Hand.FLAT,
                ),
            ),
            (
                b.lying(10, 24, away=0, laid=True),
                b.lying(64, 78, away=0, laid=True),
            ),
            torso=(0, -26, 0),
            pelvis=(0, 91, 0),
            head=(0, -20, 0),
            contact=Contact.LYING,
        ),
        seen(30, pitch=14),
        I,
    ),
    card(
        "lie-back-dream",
        "Lying on the Back | Berbaring Telentang",
        "On the back, a hand on the belly, a knee up."
        " | Telentang, satu tangan di perut, satu lutut terangkat.",
        "lying, dream, rest, grass | berbaring, melamun, istirahat, rumput",
        pose(
            (a.ACROSS, turn(a.CACTUS, forward=-14, away=96, hand=Hand.RELAXED)),
            (b.lying(3, 4, laid=True), Leg(forward=58, knee=106, away=4)),
            pelvis=(0, 0, -90),
            head=(38, 0, 4),
            contact=Contact.LYING,
        ),
        seen(82, pitch=20),
        I,
    ),
    card(
        "lie-front-chin",
        "Lying on the Front | Tengkurap",
        "On the front, the chin in both hands, feet up."
        " | Tengkurap, dagu di kedua tangan, kaki terangkat.",
        "lying, front, reading, teen | tengkurap, membaca, santai, kamar",
        pose(
            b.both(
                a.to(
                    a.A.CHIN,
                    (0.055, -0.055, 0.12),
                    (0.25, -0.33, 0.95),
                    (-0.15, 0.51, -0.86),
                    (-0.8, -0.45, -0.21),
                    Hand.FIST,
                )
            ),
            (b.lying(0, 88, away=3), b.lying(0, 60, away=3)),
            torso=(-15, 0, 0),
            pelvis=(0, 0, 80),
            head=(0, 0, -41),
            contact=Contact.LYING,
        ),
        seen(34, pitch=10),
        I,
    ),
)
