"""The shelf `runway-catwalk`."""

from lumiku_contracts.scene import Contact, Hand, Leg
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import turn
from shelves.bodies import pose, seen
from shelves.cards import A, I, card, shelf

SHELF = shelf(
    "runway-catwalk",
    card(
        "catwalk-stride",
        "Catwalk Stride | Langkah Catwalk",
        "One foot before the other on a line, arms quiet."
        " | Satu kaki di depan yang lain pada satu garis, lengan tenang.",
        "catwalk, runway, walk, show | catwalk, peragaan, jalan, panggung",
        pose(
            (
                turn(a.BACKWARDS, forward=-14, elbow=8),
                turn(a.FORWARDS, forward=14, elbow=12),
            ),
            (
                Leg(forward=26, away=-5, rotate=4, knee=4, ankle=12),
                Leg(forward=-18, away=-4, rotate=5, knee=14, toe=34),
            ),
            torso=(-5, 0, -6),
            pelvis=(8, 4, 0),
            head=(0, 0, -3),
            contact=Contact.STRIDING,
        ),
        seen(4),
        I,
        "unisex",
        "featured",
    ),
    card(
        "runway-stop",
        "End of the Runway | Ujung Runway",
        "A stop at the end, the hip out and a hand on it."
        " | Berhenti di ujung, pinggul ke samping dan tangan di pinggang.",
        "stop, hip, pose, couture | berhenti, pinggul, pose, adibusana",
        pose(
            (turn(a.HANG, forward=-10, away=22), a.FIST_ON_HIP),
            (
                Leg(forward=-6, away=2, rotate=14),
                Leg(forward=20, away=-5, rotate=6, knee=8),
            ),
            torso=(-8, 4, -8),
            pelvis=(34, -4, 0),
            head=(-24, -3, -2),
        ),
        seen(4),
        I,
    ),
    card(
        "runway-turn",
        "The Turn | Putaran",
        "Turning away, a look thrown back. | Berbalik dengan lirikan ke belakang.",
        "turn, back, walk, runway | berbalik, belakang, jalan, runway",
        pose(
            (turn(a.HANG, forward=-12, away=14), turn(a.HANG, forward=14)),
            (
                Leg(forward=16, away=-3, rotate=8, knee=6, ankle=6),
                Leg(forward=-16, away=2, rotate=20, knee=14, toe=30),
            ),
            torso=(-3, 0, -26),
            pelvis=(128, 0, 0),
            head=(-66, 2, 0),
            contact=Contact.STRIDING,
        ),
        seen(0),
        A,
    ),
    card(
        "hand-on-shoulder",
        "Hand at the Shoulder | Tangan di Bahu",
        "One hand laid on the other shoulder, the weight on one leg."
        " | Satu tangan di bahu seberang, berat badan di satu kaki.",
        "shoulder, menswear, cool | bahu, busana pria, keren",
        pose(
            (
                a.POCKET,
                a.SHOULDER,
            ),
            b.WEIGHT_LEFT,
            torso=(-3, -5, 8),
            pelvis=(-14, 6, 0),
            head=(16, 0, 0),
        ),
        seen(-10),
        I,
        "male",
    ),
    card(
        "hands-free-walk",
        "Fast Walk | Jalan Cepat",
        "A quick step with bent arms and a forward look."
        " | Langkah cepat dengan lengan tertekuk dan pandangan ke depan.",
        "fast, energetic, walk, sporty | cepat, energik, jalan, sporty",
        pose(
            (
                turn(a.RUN_BACK, forward=-40, elbow=62, hand=Hand.RELAXED),
                turn(a.RUN_FORE, forward=34, elbow=84, hand=Hand.RELAXED),
            ),
            (
                Leg(forward=36, away=0, rotate=4, knee=10, ankle=18),
                Leg(forward=-24, away=0, rotate=5, knee=22, toe=42),
            ),
            torso=(9, 0, -12),
            pelvis=(10, 0, 0),
            head=(-4, 0, 0),
            contact=Contact.STRIDING,
        ),
        seen(-50),
        I,
    ),
    card(
        "dress-spread",
        "Spreading the Dress | Membentangkan Gaun",
        "Arms low and wide as if spreading a wide dress."
        " | Lengan rendah melebar seperti membentangkan gaun.",
        "dress, gown, elegant, spread | gaun, busana, anggun, lebar",
        pose(
            b.both(turn(a.LOOSE, away=30, elbow=26, wrist=-12)),
            b.CROSSED_ANKLES,
            torso=(-5, 0, 4),
            head=(18, 6, -4),
        ),
        seen(0),
        I,
        "female",
    ),
)
