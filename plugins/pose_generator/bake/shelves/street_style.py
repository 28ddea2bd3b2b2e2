"""The shelf `street-style`."""

from lumiku_contracts.scene import Contact, Hand, Leg, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, seen, three_quarter
from shelves.cards import I, card, shelf

SHELF = shelf(
    "street-style",
    card(
        "walking",
        "Walking | Berjalan",
        "A stride caught in the middle, arms swinging."
        " | Langkah yang tertangkap di tengah, lengan berayun.",
        "stride, dynamic, street | langkah, jalan, dinamis",
        POSES["walking"],
        seen(-35),
        I,
    ),
    card(
        "wall-lean",
        "Leaning on a Wall | Bersandar di Dinding",
        "The back on the wall, one ankle crossed over the other."
        " | Punggung di dinding, satu pergelangan kaki menyilang.",
        "wall, urban, cool, lean | dinding, urban, keren, bersandar",
        pose(
            (a.POCKET, turn(a.HANG, elbow=20)),
            (
                Leg(forward=13, away=1, rotate=8, plumb=True),
                Leg(forward=24, away=-9, rotate=12, knee=18, toe=28, plumb=True),
            ),
            torso=(2, 0, 0),
            pelvis=(0, 0, -8),
            head=(24, 0, 0),
            contact=Contact.LEANING,
            props=(Prop.WALL,),
        ),
        seen(-28),
        I,
        "unisex",
    ),
    card(
        "pockets-both",
        "Street Stance | Gaya Berdiri Jalanan",
        "Both hands on the hips, feet apart, relaxed."
        " | Kedua tangan di pinggul, kaki terbuka, santai.",
        "stance, casual, streetwear, cool | berdiri, kasual, streetwear, keren",
        pose(
            b.both(a.ON_HIP),
            (Leg(forward=4, away=12, rotate=16, knee=6), Leg(away=9, rotate=10)),
            torso=(3, 2, -4),
            pelvis=(-14, 0, 0),
            head=(12, -4, 4),
        ),
        seen(6),
    ),
    card(
        "crossing-street",
        "Looking While Crossing | Menoleh Sambil Menyeberang",
        "A wide step, the face turned to the side."
        " | Langkah lebar, wajah menoleh ke samping.",
        "crossing, city, step, candid | menyeberang, kota, langkah, candid",
        pose(
            (a.POCKET, turn(a.BACKWARDS, forward=-14)),
            b.swapped(b.STRIDE),
            torso=(3, 0, 4),
            pelvis=(-42, 0, 0),
            head=(62, 2, 0),
            gaze=(8, 0),
            contact=Contact.STRIDING,
        ),
        seen(4),
        I,
    ),
    card(
        "adjust-cuff",
        "Adjusting the Cuff | Merapikan Manset",
        "One hand straightens the other sleeve."
        " | Satu tangan merapikan lengan baju yang lain.",
        "cuff, sleeve, watch, menswear | manset, lengan baju, jam, busana pria",
        pose(
            (
                a.to(
                    a.A.CHEST,
                    (-0.01, -0.13, 0.19),
                    (1, -0.5, 0),
                    (-1, -0.05, 0),
                    (0, -0.3, -1),
                ),
                a.to(
                    a.A.OPPOSITE_ELBOW,
                    (0.12, 0.065, 0.075),
                    (1, -0.1, -0.2),
                    (-0.75, -0.6, 0.05),
                    (-0.2, -0.6, -0.8),
                    Hand.PINCH,
                ),
            ),
            b.STEP,
            torso=(4, 0, 0),
            pelvis=(10, 0, 0),
            head=(-14, 0, 16),
            gaze=(-6, -10),
        ),
        three_quarter(-8),
        I,
    ),
    card(
        "kerb-sit",
        "Sitting on the Kerb | Duduk di Trotoar",
        "Low on a kerb, knees up, forearms over them."
        " | Duduk rendah di tepi trotoar, lutut terangkat, lengan di atasnya.",
        "kerb, sit, urban, skate | trotoar, duduk, urban, santai",
        pose(
            (a.OVER_KNEE, moved(a.OVER_KNEE, z=0.03)),
            (b.thigh(14, -22, knee=100), b.thigh(18, -26, knee=112)),
            torso=(22, 0, 0),
            pelvis=(0, 0, -6),
            head=(10, 0, -14),
            contact=Contact.SEATED,
        ),
        seen(-26),
        I,
    ),
    card(
        "hood-tug",
        "Tugging the Collar | Menarik Kerah",
        "Both hands at the collar, the shoulders up."
        " | Kedua tangan di kerah, bahu terangkat.",
        "collar, jacket, cold, attitude | kerah, jaket, dingin, gaya",
        pose(
            b.both(turn(moved(a.LAPEL, x=0.04, y=0.095), shoulder_up=6)),
            b.WIDE,
            torso=(2, -2, 0),
            head=(-6, -4, 6),
        ),
        half(6),
    ),
)
