"""The shelf `fashion-hijab`."""

from lumiku_contracts.scene import Contact, Hand, Hold, Leg, Prop
from lumiku_pose_generator.library import Suitability
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen
from shelves.cards import A, B, I, card, shelf

F: Suitability = "female"
SHELF = shelf(
    "fashion-hijab",
    card(
        "hijab-editorial-turn",
        "Editorial Turn | Putaran Editorial",
        "Turned away with one hand on the hip, the chin over the shoulder."
        " | Menyamping dengan satu tangan di pinggang, dagu di atas bahu.",
        "editorial, elegant, turn, lookbook | editorial, anggun, menyamping, lookbook",
        pose(
            (a.ON_HIP, a.HANG),
            b.WEIGHT_LEFT,
            torso=(-3, -7, -8),
            pelvis=(58, 6, 0),
            head=(-40, 3, -2),
        ),
        seen(4),
        A,
        F,
        "premium",
    ),
    card(
        "hijab-flow-walk",
        "Flowing Walk | Langkah Mengalir",
        "A long step in a long dress, one arm swinging wide."
        " | Langkah panjang bergaun panjang, satu lengan berayun lebar.",
        "walk, dress, abaya, flowing | jalan, gamis, abaya, mengalir",
        pose(
            (
                turn(a.BACKWARDS, away=26, forward=-18),
                turn(a.FORWARDS, away=14, forward=16),
            ),
            (
                Leg(forward=18, away=0, rotate=5, knee=4, ankle=8),
                Leg(forward=-12, away=0, rotate=8, knee=12, toe=24),
            ),
            torso=(-4, 0, -5),
            pelvis=(4, 0, 0),
            head=(10, 3, -4),
            contact=Contact.STRIDING,
        ),
        seen(-14),
        I,
        F,
        "featured",
    ),
    card(
        "hijab-arm-sweep",
        "Sweep of the Sleeve | Kibasan Lengan",
        "One arm raised to the side shows a wide sleeve."
        " | Satu lengan terangkat ke samping memamerkan lengan baju lebar.",
        "sleeve, kaftan, drama, lookbook | lengan baju, kaftan, dramatis, lookbook",
        pose(
            (
                turn(a.ASIDE, away=108, forward=16, elbow=30, hand=Hand.RELAXED),
                turn(a.LOOSE, away=22),
            ),
            b.CROSSED_ANKLES,
            torso=(-3, -8, 4),
            pelvis=(-6, 0, 0),
            head=(-20, 5, -4),
        ),
        seen(2),
        I,
        F,
    ),
    card(
        "hijab-frame-chin",
        "Hand under the Chin | Tangan Menopang Dagu",
        "The back of one hand under the chin, the elbow on the other arm."
        " | Punggung tangan menopang dagu, siku di atas lengan lain.",
        "beauty, close-up, face, pashmina | kecantikan, dekat, wajah, pashmina",
        pose(
            (
                moved(a.ACROSS, y=0.03),
                a.to(
                    a.A.CHIN,
                    (0.05, -0.09, 0.055),
                    (0.6, -1, 0.3),
                    (-0.9, 0.35, -0.1),
                    (0.1, -1, 0.1),
                    Hand.FLAT,
                ),
            ),
            b.CROSSED_ANKLES,
            torso=(0, 5, 3),
            pelvis=(34, 0, 0),
            head=(-30, -7, -3),
        ),
        half(4),
        I,
        F,
    ),
    card(
        "hijab-stool-elegant",
        "Elegant on a Stool | Anggun di Bangku",
        "Sideways on a stool, knees together, hands on one thigh."
        " | Duduk menyamping di bangku, lutut rapat, tangan di satu paha.",
        "stool, elegant, seated, gown | bangku, anggun, duduk, gamis",
        pose(
            (moved(a.IN_LAP, x=0.05, y=0.01), moved(a.IN_LAP_OVER, x=0.05, z=0.06)),
            (b.on_chair(-2, 84, rotate=4), b.on_chair(-2, 96, rotate=4)),
            torso=(-4, 4, -10),
            pelvis=(34, 0, 0),
            head=(-24, -3, -2),
            contact=Contact.SEATED,
            props=(Prop.STOOL,),
        ),
        seen(6),
        I,
        F,
    ),
    card(
        "hijab-bag-pose",
        "Handbag Pose | Pose Tas Tangan",
        "A handbag held in front with both hands."
        " | Tas tangan dipegang di depan dengan kedua tangan.",
        "handbag, lookbook, modest, bag | tas tangan, lookbook, sopan, tas",
        pose(
            (
                turn(moved(a.FIG_LEAF, x=0.02), hand=Hand.GRIP),
                turn(moved(a.FIG_LEAF_OVER, x=0.03, z=0.01), hand=Hand.GRIP),
            ),
            b.STEP,
            torso=(-4, 3, 6),
            pelvis=(-22, 0, 0),
            head=(22, -4, -2),
            props=(held(Prop.HANDBAG, Hold.BOTH),),
        ),
        seen(8),
        B,
        F,
    ),
)
