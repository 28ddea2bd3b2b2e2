"""The shelf `yoga-wellness`."""

from lumiku_contracts.scene import Contact, Hand, Leg
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import pose, seen
from shelves.cards import A, I, card, shelf

SHELF = shelf(
    "yoga-wellness",
    card(
        "tree-pose",
        "Tree Pose | Pose Pohon",
        "On one leg, the other sole against it, palms together."
        " | Berdiri satu kaki, telapak kaki lain menempel, tangan bertemu.",
        "tree, balance, yoga, calm | pohon, keseimbangan, yoga, tenang",
        pose(b.both(a.PRAYER), b.TREE),
        seen(-16),
        I,
        "unisex",
        "featured",
    ),
    card(
        "lotus-meditation",
        "Meditation | Meditasi",
        "Cross-legged, hands on the knees, an OK sign."
        " | Bersila, tangan di lutut, jari membentuk lingkaran.",
        "meditation, lotus, calm, breath | meditasi, bersila, tenang, napas",
        pose(
            (
                a.to(
                    a.A.KNEE,
                    (0.02, 0.03, -0.02),
                    (0.9, -0.2, -0.8),
                    (0.1, -0.1, 1),
                    (0.1, 1, 0.1),
                    Hand.OK,
                ),
            )
            * 2,
            b.swapped(b.CROSS_LEGGED),
            torso=(-3, 0, 0),
            head=(0, 0, 2),
            contact=Contact.FLOOR,
        ),
        seen(6),
    ),
    card(
        "warrior-two",
        "Warrior Two | Pose Kesatria",
        "A wide lunge, arms level to both sides."
        " | Lunge lebar, lengan lurus ke kedua sisi.",
        "warrior, strength, yoga, wide | kesatria, kuat, yoga, lebar",
        pose(
            b.both(turn(a.ASIDE, away=88, forward=4, hand=Hand.FLAT)),
            b.WARRIOR,
            head=(-62, 0, 0),
            contact=Contact.LUNGING,
        ),
        seen(0),
        I,
    ),
    card(
        "downward-dog",
        "Downward Dog | Pose Anjing Menunduk",
        "Hands and feet on the floor, the hips high."
        " | Tangan dan kaki di lantai, pinggul tinggi.",
        "downward dog, stretch, yoga, inversion"
        " | anjing menunduk, peregangan, yoga, pinggul",
        pose(
            b.both(moved(a.FLOOR, z=0.36, x=-0.02)),
            (Leg(forward=78, planted=False, ankle=12, away=5),) * 2,
            torso=(-12, 0, 0),
            pelvis=(0, 0, 130),
            contact=Contact.BRACED,
        ),
        seen(74),
        A,
    ),
    card(
        "cobra",
        "Cobra | Pose Kobra",
        "On the front, the chest lifted by the arms."
        " | Tengkurap, dada terangkat oleh lengan.",
        "cobra, back, yoga, stretch | kobra, punggung, yoga, peregangan",
        pose(
            b.both(moved(a.FLOOR, z=0.03)),
            (b.lying(-4, ankle=-66, laid=True),) * 2,
            torso=(-38, 0, 0),
            pelvis=(0, 0, 70),
            head=(0, 0, -16),
            contact=Contact.LYING,
        ),
        seen(58, pitch=8),
        I,
    ),
    card(
        "kneeling-breath",
        "Kneeling Breath | Napas Berlutut",
        "Sitting on the heels, hands on the thighs, eyes forward."
        " | Duduk di atas tumit, tangan di paha, mata ke depan.",
        "vajrasana, kneel, breath, calm | vajrasana, berlutut, napas, tenang",
        pose(
            b.both(a.ON_THIGH),
            b.ON_HEELS,
            torso=(-2, 0, 0),
            pelvis=(0, 0, 6),
            contact=Contact.KNEELING,
        ),
        seen(-30),
    ),
    card(
        "mountain-reach",
        "Mountain Reach | Pose Gunung",
        "Feet together, both arms straight up."
        " | Kaki rapat, kedua lengan lurus ke atas.",
        "mountain, reach, sun salutation, tall"
        " | gunung, meregang, salam matahari, tegak",
        pose(
            b.both(turn(a.UP, away=-32)),
            b.TOGETHER,
            torso=(-6, 0, 0),
            head=(0, 0, -12),
        ),
        seen(20),
    ),
)
