"""The shelf `shopee-tiktok`."""

from lumiku_contracts.scene import Contact
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, seen, three_quarter
from shelves.cards import A, B, I, card, shelf

SHELF = shelf(
    "shopee-tiktok",
    card(
        "arms-up",
        "Arms Up | Tangan ke Atas",
        "Both fists in the air: good news, a sale, a win."
        " | Kedua kepalan tangan ke atas: kabar baik, promo, kemenangan.",
        "celebrating, winner, promo, sale | gembira, menang, diskon, promo",
        POSES["arms-up"],
        seen(),
        B,
        "unisex",
        "featured",
    ),
    card(
        "finger-heart",
        "Finger Heart | Saranghae",
        "Thumb and forefinger make a little heart beside the cheek."
        " | Ibu jari dan telunjuk membentuk hati kecil di samping pipi.",
        "heart, cute, love, korean | hati, imut, cinta, korea",
        pose(
            (a.POCKET, moved(a.FINGER_HEART, x=0.06, y=-0.03, z=0.06)),
            b.WEIGHT_RIGHT,
            torso=(0, 5, 0),
            pelvis=(4, -6, 0),
            head=(0, -9, 0),
        ),
        half(-4),
    ),
    card(
        "two-hand-heart",
        "Heart with Both Hands | Hati dengan Dua Tangan",
        "Each hand makes a little heart, one beside either cheek."
        " | Tiap tangan membentuk hati kecil di kedua sisi pipi.",
        "heart, love, thanks, followers | hati, cinta, terima kasih, pengikut",
        pose(
            b.both(moved(a.FINGER_HEART, x=0.07, y=-0.06, z=0.08)),
            b.WEIGHT_RIGHT,
            torso=(0, 6, 0),
            pelvis=(4, -6, 0),
            head=(0, 7, 2),
        ),
        half(0),
    ),
    card(
        "victory-sign",
        "Victory Sign | Pose Dua Jari",
        "Two fingers up beside the face. | Dua jari di samping wajah.",
        "peace, selfie, cute, fun | damai, swafoto, imut, seru",
        pose(
            (a.ON_HIP, a.VICTORY),
            b.WEIGHT_LEFT,
            torso=(0, -6, 0),
            pelvis=(-6, 6, 0),
            head=(4, 9, 0),
        ),
        three_quarter(-6),
    ),
    card(
        "point-down-link",
        "Link Below | Tautan di Bawah",
        "Both forefingers point down: tap the basket below."
        " | Kedua telunjuk menunjuk ke bawah: klik keranjang di bawah.",
        "link, basket, checkout, point down"
        " | tautan, keranjang, checkout, tunjuk bawah",
        pose(
            b.both(moved(a.POINT_DOWN, x=0.03)), b.STEP, torso=(8, 0, 0), head=(0, 5, 4)
        ),
        three_quarter(2),
    ),
    card(
        "surprised-cheeks",
        "Hands at the Cheeks | Tangan di Pipi",
        "Both hands at the cheeks: what a price!"
        " | Kedua tangan di pipi: harganya murah sekali!",
        "surprised, wow, price, shock | kaget, wow, harga, terkejut",
        pose(b.both(a.BOTH_CHEEKS), b.EASY, torso=(-9, 0, 0), head=(0, 0, -4)),
        half(0),
        I,
    ),
    card(
        "jump-for-joy",
        "Jump for Joy | Lompat Gembira",
        "In the air with bent knees and an arm thrown up."
        " | Melompat dengan lutut tertekuk dan satu tangan ke atas.",
        "jump, sale, excited, payday | lompat, diskon, heboh, gajian",
        pose(
            (turn(a.WAVE_HIGH, away=128), a.FIST_UP),
            (b.lying(28, 72, away=10), b.lying(-12, 68, away=6)),
            torso=(-6, 0, 4),
            head=(4, 0, -8),
            contact=Contact.JUMPING,
            lift=0.28,
        ),
        seen(8),
        A,
    ),
)
