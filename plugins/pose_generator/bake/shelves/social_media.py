"""The shelf `social-media`."""

from lumiku_contracts.scene import Hand, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "social-media",
    card(
        "waving",
        "Waving | Melambaikan Tangan",
        "A raised open hand says hello. | Tangan terbuka yang terangkat menyapa.",
        "hello, greeting, friendly, wave | halo, sapaan, ramah, lambai",
        POSES["waving"],
        half(),
        B,
        "unisex",
        "featured",
    ),
    card(
        "selfie",
        "Selfie | Swafoto",
        "An outstretched arm holds the phone, the head tilts to it."
        " | Lengan terjulur memegang ponsel, kepala miring ke arahnya.",
        "selfie, phone, influencer, arm | swafoto, ponsel, influencer, lengan",
        pose(
            (a.POCKET, a.SELFIE),
            b.WEIGHT_LEFT,
            torso=(-2, -4, -10),
            pelvis=(-10, 6, 0),
            head=(-8, 8, -2),
            gaze=(-10, 4),
            props=(held(Prop.PHONE),),
        ),
        half(-24),
    ),
    card(
        "mirror-selfie",
        "Mirror Selfie | Swafoto Cermin",
        "The phone before the chest, the hip out, facing the mirror."
        " | Ponsel di depan dada, pinggul ke samping, menghadap cermin.",
        "mirror, outfit, ootd, phone | cermin, ootd, baju, ponsel",
        pose(
            (turn(a.LOOSE, away=16), moved(a.PHONE_BELOW, y=0.06, z=-0.02)),
            b.CROSSED_ANKLES,
            torso=(0, -6, 4),
            pelvis=(8, 5, 0),
            head=(-6, 4, 6),
            gaze=(-4, -8),
            props=(held(Prop.PHONE),),
        ),
        seen(-4),
        B,
        "unisex",
        "featured",
    ),
    card(
        "chin-rest-cute",
        "Chin on Both Fists | Dagu di Kedua Tangan",
        "Both hands under the chin. | Kedua tangan di bawah dagu.",
        "cute, sweet, face, profile | imut, manis, wajah, profil",
        pose(
            b.both(
                a.to(
                    a.A.CHIN,
                    (0.055, -0.135, 0.05),
                    (0.7, -1, 0.3),
                    (-0.15, 1, 0.0),
                    (-0.8, 0, -0.5),
                    Hand.FIST,
                )
            ),
            b.TOGETHER,
            torso=(6, 0, 0),
            head=(0, 6, -4),
        ),
        half(2),
    ),
    card(
        "cool-salute",
        "Two-Finger Salute | Hormat Dua Jari",
        "Two fingers at the brow: see you. | Dua jari di alis: sampai jumpa.",
        "salute, cool, goodbye, greeting | hormat, keren, dadah, sapaan",
        pose(
            (a.POCKET, turn(moved(a.SALUTE, x=0.035, y=0.01), hand=Hand.VICTORY)),
            b.EASY,
            torso=(-3, 3, 0),
            pelvis=(-10, 0, 0),
            head=(8, -4, 0),
        ),
        half(-4),
    ),
    card(
        "pointing-at-you",
        "Pointing at You | Menunjuk ke Kamu",
        "A forefinger straight at the viewer. | Telunjuk lurus ke arah penonton.",
        "you, point, invite, choose | kamu, tunjuk, ajak, pilih",
        pose(
            (a.ON_HIP, a.POINT_FRONT),
            b.WEIGHT_RIGHT,
            torso=(2, 3, 8),
            pelvis=(-4, -6, 0),
            head=(-4, -3, 0),
        ),
        half(-16),
        I,
    ),
    card(
        "frame-hands",
        "Framing with the Hands | Bingkai Tangan",
        "Both hands build a frame before the face."
        " | Kedua tangan membentuk bingkai di depan wajah.",
        "frame, photo, creative, camera | bingkai, foto, kreatif, kamera",
        pose(
            (
                a.to(
                    a.A.CHEEK,
                    (0.10, -0.10, 0.17),
                    (1, -0.7, 0),
                    (0.1, 1, 0),
                    (-0.3, 0, 1),
                    Hand.FLAT,
                ),
                a.to(
                    a.A.CHEEK,
                    (0.10, -0.10, 0.17),
                    (1, -0.7, 0),
                    (0.1, 1, 0),
                    (-0.3, 0, 1),
                    Hand.FLAT,
                ),
            ),
            b.STEP,
            torso=(3, 3, 0),
            head=(0, 5, 0),
        ),
        half(0),
        I,
    ),
)
