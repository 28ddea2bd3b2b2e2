"""The shelf `fitness-gym`."""

from lumiku_contracts.scene import Contact, Hand, Leg
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, seen
from shelves.cards import I, card, shelf

SHELF = shelf(
    "fitness-gym",
    card(
        "lunge",
        "Lunge | Lunge",
        "A long step with a bent knee, fists at work."
        " | Langkah panjang dengan lutut ditekuk, tangan mengepal.",
        "workout, exercise, athletic | latihan, olahraga, atletis",
        POSES["lunge"],
        seen(-40),
        I,
    ),
    card(
        "squat",
        "Squat | Squat",
        "Deep on both heels, arms straight ahead."
        " | Jongkok pada kedua tumit, lengan lurus ke depan.",
        "squat, legs, strength, workout | squat, kaki, kekuatan, latihan",
        pose(
            b.both(turn(a.UP, forward=88, away=6, hand=Hand.FLAT, shoulder_up=0)),
            (Leg(forward=90, away=26, rotate=18, knee=118, plumb=True),) * 2,
            torso=(14, 0, 0),
            pelvis=(0, 0, 26),
            head=(0, 0, -24),
            contact=Contact.CROUCHING,
        ),
        seen(-46),
        I,
        "unisex",
        "featured",
    ),
    card(
        "plank",
        "High Plank | Plank Tinggi",
        "On hands and toes, the body one line."
        " | Bertumpu pada tangan dan ujung kaki, badan satu garis.",
        "plank, core, push-up, strength | plank, perut, push-up, kekuatan",
        pose(
            b.both(a.FLOOR),
            (Leg(planted=False, ankle=28, away=2),) * 2,
            pelvis=(0, 0, 75),
            head=(0, 0, -18),
            contact=Contact.BRACED,
        ),
        seen(72),
        I,
    ),
    card(
        "biceps-flex",
        "Flexing | Otot Bisep",
        "Both fists up, the arms flexed."
        " | Kedua kepalan ke atas, otot lengan menegang.",
        "muscle, strong, biceps, gym | otot, kuat, bisep, gym",
        pose(b.both(a.FLEX), b.WIDE, torso=(-4, 0, 0), head=(14, 0, 0)),
        half(0),
    ),
    card(
        "side-stretch",
        "Side Stretch | Peregangan Samping",
        "One arm over the head, the trunk bent sideways."
        " | Satu lengan di atas kepala, badan condong ke samping.",
        "stretch, warm-up, side, flexible | peregangan, pemanasan, samping, lentur",
        pose(
            (a.ON_HIP, turn(a.UP, forward=164, away=-28)),
            b.WIDE,
            torso=(0, 30, 0),
            head=(0, 14, 0),
        ),
        seen(4),
    ),
    card(
        "sit-up",
        "Sit-Up | Sit-Up",
        "On the back with bent knees, the shoulders coming up."
        " | Telentang dengan lutut ditekuk, bahu terangkat.",
        "sit-up, abs, core, floor | sit-up, perut, otot inti, lantai",
        pose(
            (moved(a.EAR, x=0.05, y=0.02, z=-0.04),) * 2,
            (Leg(forward=52, knee=100, away=5),) * 2,
            torso=(44, 0, 0),
            pelvis=(0, 0, -80),
            head=(0, 0, 16),
            contact=Contact.LYING,
        ),
        seen(72, pitch=10),
        I,
    ),
    card(
        "warm-up-knee",
        "Standing Quad Stretch | Peregangan Paha",
        "On one leg, the heel drawn up behind."
        " | Berdiri satu kaki, tumit ditarik ke belakang.",
        "stretch, quad, balance, warm-up | peregangan, paha, keseimbangan, pemanasan",
        pose(
            (
                turn(a.ASIDE, away=70, hand=Hand.FLAT),
                a.to(
                    a.A.FOOT,
                    (0.0, 0.06, 0.0),
                    (0.5, 0.1, -1),
                    (-0.25, -1, -0.2),
                    (-0.3, 0.1, 1),
                    Hand.GRIP,
                ),
            ),
            (
                Leg(away=0, rotate=6),
                Leg(forward=-4, away=3, rotate=4, knee=142, ankle=-40, planted=False),
            ),
            torso=(2, 0, 0),
            head=(0, 0, 0),
        ),
        seen(-48),
        I,
    ),
)
