"""The shelf `running-cardio`."""

from lumiku_contracts.scene import Contact, Hand, Leg
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import turn
from shelves.bodies import pose, seen
from shelves.cards import A, I, card, shelf

SHELF = shelf(
    "running-cardio",
    card(
        "running-stride",
        "Running | Berlari",
        "Mid-stride with one knee high, elbows at right angles."
        " | Langkah lari dengan satu lutut tinggi, siku tertekuk.",
        "run, jogging, speed, marathon | lari, joging, cepat, maraton",
        pose(
            (a.RUN_BACK, a.RUN_FORE),
            (
                Leg(forward=58, away=2, rotate=3, knee=88, ankle=-5, planted=False),
                Leg(forward=-26, away=2, rotate=3, knee=18, toe=46),
            ),
            torso=(9, 0, -6),
            head=(0, 0, -4),
            contact=Contact.STRIDING,
        ),
        seen(-46),
        I,
        "unisex",
        "featured",
    ),
    card(
        "sprint-flight",
        "Sprint | Sprint",
        "Both feet off the ground in full flight."
        " | Kedua kaki melayang dalam lari cepat.",
        "sprint, fast, race, flight | sprint, cepat, lomba, melayang",
        pose(
            (turn(a.RUN_BACK, forward=-56), turn(a.RUN_FORE, forward=56, elbow=84)),
            (
                Leg(forward=78, away=2, knee=72, ankle=0, planted=False),
                Leg(forward=-34, away=2, knee=34, ankle=-40, planted=False),
            ),
            torso=(14, 0, -10),
            pelvis=(4, 0, 6),
            head=(0, 0, -12),
            contact=Contact.JUMPING,
            lift=0.09,
        ),
        seen(-60),
        A,
    ),
    card(
        "starting-line",
        "On the Starting Line | Siap di Garis Start",
        "A deep split stance, the arms ready. | Kuda-kuda rendah, lengan siap.",
        "start, ready, race, focus | start, siap, lomba, fokus",
        pose(
            (turn(a.RUN_FORE, forward=48), turn(a.RUN_BACK, forward=-34, elbow=70)),
            (
                Leg(forward=16, away=4, knee=56, rotate=4, toe=30, plumb=True),
                Leg(forward=66, away=4, knee=70, rotate=4, plumb=True),
            ),
            torso=(26, 0, 6),
            pelvis=(0, 0, 14),
            head=(0, 0, -26),
            contact=Contact.LUNGING,
        ),
        seen(-42),
        I,
    ),
    card(
        "jumping-jack",
        "Jumping Jack | Lompat Bintang",
        "Arms and legs wide in the air. | Lengan dan kaki terbuka lebar di udara.",
        "jumping jack, cardio, star, fun | lompat bintang, kardio, bintang, seru",
        pose(
            b.both(turn(a.WAVE_HIGH, away=138, elbow=8)),
            (b.lying(0, 4, away=26), b.lying(0, 4, away=26)),
            torso=(-3, 0, 0),
            contact=Contact.JUMPING,
            lift=0.16,
        ),
        seen(2),
    ),
    card(
        "catching-breath",
        "Catching Breath | Mengatur Napas",
        "Bent over, hands on the knees. | Membungkuk dengan tangan di lutut.",
        "tired, breath, rest, finish | lelah, napas, istirahat, selesai",
        pose(
            b.both(
                a.to(
                    a.A.KNEE,
                    (0.02, 0.0, -0.11),
                    (1, 0.1, -0.1),
                    (-0.1, 0.3, 0.9),
                    (0, -0.9, 0.4),
                    Hand.RELAXED,
                )
            ),
            (Leg(forward=30, away=10, rotate=10, knee=45, plumb=True),) * 2,
            torso=(36, 0, 0),
            pelvis=(0, 0, 48),
            head=(0, 0, -50),
            contact=Contact.CROUCHING,
        ),
        seen(-34),
    ),
    card(
        "high-knees",
        "High Knees | Angkat Lutut",
        "Standing tall, one knee up to the hip."
        " | Berdiri tegak, satu lutut setinggi pinggul.",
        "high knees, cardio, drill, warm-up | angkat lutut, kardio, latihan, pemanasan",
        pose(
            (turn(a.RUN_FORE, forward=44), turn(a.RUN_BACK, forward=-34)),
            (
                Leg(away=1, rotate=4),
                Leg(forward=92, away=2, knee=96, ankle=4, planted=False),
            ),
            torso=(-3, 0, 4),
            head=(0, 0, 0),
            contact=Contact.STRIDING,
        ),
        seen(-36),
        I,
    ),
)
