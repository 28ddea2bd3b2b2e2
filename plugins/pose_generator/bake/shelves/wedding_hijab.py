"""The shelf `wedding-hijab`."""

from lumiku_contracts.scene import Contact, Hand, Prop
from lumiku_pose_generator.library import Suitability
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

F: Suitability = "female"
SHELF = shelf(
    "wedding-hijab",
    card(
        "bride-bouquet",
        "Holding the Bouquet | Memegang Buket",
        "Both hands before the waist hold a bouquet, straight and calm."
        " | Kedua tangan di depan pinggang memegang buket, tegak dan tenang.",
        "bride, bouquet, wedding, akad | pengantin, buket, pernikahan, akad",
        pose(
            (
                turn(moved(a.CLASPED, y=0.15, z=0.08), hand=Hand.GRIP),
                turn(moved(a.CLASPED_OVER, y=0.07, z=0.06), hand=Hand.GRIP),
            ),
            b.WEIGHT_LEFT,
            torso=(-4, -4, 4),
            pelvis=(22, 6, 0),
            head=(-20, 4, 4),
            props=(Prop.BOUQUET,),
        ),
        three_quarter(4),
        B,
        F,
        "featured",
    ),
    card(
        "bride-look-down",
        "Lowered Eyes | Tatapan Menunduk",
        "The face lowered to the side, hands joined."
        " | Wajah menunduk ke samping, tangan bertaut.",
        "bride, soft, romantic, wedding | pengantin, lembut, romantis, pernikahan",
        pose(
            (a.CLASPED, a.CLASPED_OVER),
            b.WEIGHT_LEFT,
            torso=(2, -4, -6),
            pelvis=(32, 6, 0),
            head=(-16, 6, 22),
            gaze=(0, -12),
        ),
        three_quarter(10),
        I,
        F,
    ),
    card(
        "bride-hands-pray",
        "Prayer | Doa",
        "Kneeling, both palms open upward before the chest."
        " | Duduk berlutut, kedua telapak terbuka ke atas di depan dada.",
        "prayer, dua, akad, ramadan | doa, berdoa, akad, ramadan",
        pose(
            b.both(
                a.to(
                    a.A.CHEST,
                    (0.075, -0.03, 0.19),
                    (1, -0.9, -0.2),
                    (-0.15, 0.65, 0.6),
                    (0, 0.7, -0.8),
                    Hand.FLAT,
                )
            ),
            b.ON_HEELS,
            torso=(6, 0, 0),
            pelvis=(0, 0, 6),
            head=(0, 0, 14),
            gaze=(0, -10),
            contact=Contact.KNEELING,
        ),
        seen(-24),
        B,
        F,
    ),
    card(
        "bride-veil-turn",
        "Back with the Veil | Punggung Berkerudung",
        "From behind, the train in view, the face in profile."
        " | Dari belakang dengan ekor gaun terlihat, wajah menyamping.",
        "veil, back, gown, train | kerudung, belakang, gaun, ekor gaun",
        pose(
            (turn(a.HANG, away=20), moved(a.CLASPED, y=0.08)),
            b.EASY,
            torso=(-4, 0, -14),
            pelvis=(146, 0, 0),
            head=(-46, 3, 2),
        ),
        seen(4),
        I,
        F,
        "premium",
    ),
    card(
        "bride-show-ring",
        "Showing the Ring | Menunjukkan Cincin",
        "The back of a raised hand shows the ring."
        " | Punggung tangan yang terangkat menunjukkan cincin.",
        "ring, engaged, wedding, jewellery | cincin, lamaran, pernikahan, perhiasan",
        pose(
            (
                a.ACROSS,
                a.to(
                    a.A.SHOULDER,
                    (0.07, 0.0, 0.20),
                    (1, -0.9, 0),
                    (-0.25, 1, 0.05),
                    (0.1, 0.1, -1),
                    Hand.OPEN,
                ),
            ),
            b.WEIGHT_RIGHT,
            torso=(0, 4, 0),
            pelvis=(8, -6, 0),
            head=(-4, -5, 0),
        ),
        half(-2),
        B,
        F,
    ),
    card(
        "bride-seated",
        "Seated Bride | Pengantin Duduk",
        "Upright on a chair, hands folded in the lap."
        " | Duduk tegak di kursi, tangan terlipat di pangkuan.",
        "bride, seated, formal, pelaminan | pengantin, duduk, formal, pelaminan",
        pose(
            (a.IN_LAP, a.IN_LAP_OVER),
            (b.on_chair(3, 84), b.on_chair(3, 84)),
            torso=(-4, 0, 0),
            head=(4, 3, 2),
            contact=Contact.SEATED,
            props=(Prop.CHAIR,),
        ),
        seen(14),
        B,
        F,
    ),
)
