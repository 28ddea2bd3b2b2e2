"""The shelf `accessories`."""

from lumiku_contracts.scene import Contact, Hand, Hold, Prop
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "accessories",
    card(
        "show-watch",
        "Showing a Watch | Menunjukkan Jam Tangan",
        "The forearm level before the chest, the wrist to the viewer."
        " | Lengan bawah datar di depan dada, pergelangan ke arah penonton.",
        "watch, bracelet, wrist, jewellery"
        " | jam tangan, gelang, pergelangan, perhiasan",
        pose(
            (
                a.to(
                    a.A.CHEST,
                    (-0.02, -0.03, 0.22),
                    (1, -0.3, 0),
                    (-1, 0.05, 0),
                    (0, -0.3, -1),
                    Hand.FIST,
                ),
                a.POCKET,
            ),
            b.WEIGHT_RIGHT,
            torso=(0, 4, -6),
            pelvis=(-6, -6, 0),
            head=(6, -4, 4),
        ),
        half(8),
    ),
    card(
        "touch-earring",
        "Touching the Earring | Menyentuh Anting",
        "Fingertips at the ear, the neck long. | Ujung jari di telinga, leher jenjang.",
        "earring, jewellery, neck, elegant | anting, perhiasan, leher, anggun",
        pose(
            (a.HANG, turn(moved(a.EAR, x=0.01, y=0.05), hand=Hand.PINCH)),
            b.WEIGHT_LEFT,
            torso=(-3, -6, 0),
            pelvis=(14, 6, 0),
            head=(-22, 10, -3),
        ),
        half(-10),
        I,
        "female",
    ),
    card(
        "glasses-touch",
        "Adjusting the Glasses | Membetulkan Kacamata",
        "Fingers at the temple hold the glasses. | Jari di pelipis memegang kacamata.",
        "glasses, sunglasses, eyewear, smart | kacamata, gaya, mata, cerdas",
        pose(
            (
                a.POCKET,
                a.to(
                    a.A.BROW,
                    (0.06, -0.15, 0.06),
                    (1, -0.8, 0.1),
                    (-0.3, 0.95, -0.1),
                    (-0.9, 0, -0.4),
                    Hand.PINCH,
                ),
            ),
            b.STEP,
            torso=(0, -2, 4),
            pelvis=(-34, 0, 0),
            head=(30, 2, 5),
        ),
        half(-6),
    ),
    card(
        "handbag-forearm",
        "Handbag on the Forearm | Tas di Lengan",
        "A handbag hangs from the bent forearm."
        " | Tas tangan tergantung di lengan bawah.",
        "handbag, bag, ladylike, shopping | tas tangan, tas, elegan, belanja",
        pose(
            (turn(a.BACKWARDS, forward=-12), a.FOREARM_BAG),
            b.WEIGHT_LEFT,
            torso=(-3, -4, 6),
            pelvis=(10, 6, 0),
            head=(-8, 4, 0),
            props=(held(Prop.HANDBAG),),
        ),
        three_quarter(-4),
        B,
        "female",
        "featured",
    ),
    card(
        "shopping-bags",
        "Shopping Bags | Tas Belanja",
        "A bag in the hand of a slightly raised arm, a happy step."
        " | Tas belanja di tangan yang sedikit terangkat, langkah gembira.",
        "shopping, bag, sale, mall | belanja, tas, diskon, mal",
        pose(
            (
                turn(a.CARRY, away=34, forward=10),
                turn(a.CARRY, away=26, forward=20, elbow=40),
            ),
            b.STRIDE,
            torso=(-4, 0, 6),
            head=(10, 6, -4),
            contact=Contact.STRIDING,
            props=(held(Prop.SHOPPING_BAG, Hold.LEFT),),
        ),
        seen(-16),
    ),
    card(
        "necklace-touch",
        "Hand at the Necklace | Tangan di Kalung",
        "Fingertips on the collarbone. | Ujung jari di tulang selangka.",
        "necklace, jewellery, collarbone, elegant | kalung, perhiasan, leher, anggun",
        pose(
            (a.BEHIND, moved(a.LAPEL, x=-0.02, y=0.07, z=0.0)),
            b.CROSSED_ANKLES,
            torso=(-4, 3, 4),
            pelvis=(-16, 0, 0),
            head=(22, -6, -2),
        ),
        half(4),
        I,
        "female",
    ),
    card(
        "shoe-show",
        "Showing the Shoe | Memamerkan Sepatu",
        "On a stool, one leg stretched out, the heel on the floor."
        " | Duduk di bangku, satu kaki terjulur, tumit di lantai.",
        "shoe, sneaker, foot, stool | sepatu, sneaker, kaki, bangku",
        pose(
            (a.ON_THIGH, a.ON_KNEE),
            (b.on_chair(6, 92), b.thigh(12, 14, knee=26, rotate=10, ankle=26)),
            torso=(4, 3, 0),
            pelvis=(0, 0, -4),
            head=(-20, 0, 2),
            contact=Contact.SEATED,
            props=(Prop.STOOL,),
        ),
        seen(-58),
        I,
    ),
)
