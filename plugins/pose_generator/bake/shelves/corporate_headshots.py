"""The shelf `corporate-headshots`."""

from lumiku_contracts.scene import Contact, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, three_quarter
from shelves.cards import A, I, card, shelf

SHELF = shelf(
    "corporate-headshots",
    card(
        "hands-on-hips",
        "Hands on Hips | Berkacak Pinggang",
        "Both hands on the hips and feet apart: sure of oneself."
        " | Kedua tangan di pinggang dan kaki terbuka: tampak yakin.",
        "confident, power pose, leader | percaya diri, pinggang, pemimpin",
        POSES["hands-on-hips"],
        three_quarter(10),
    ),
    card(
        "headshot-straight",
        "Straight Headshot | Foto Profil Lurus",
        "Seated square to the camera, the hands in the lap."
        " | Duduk lurus menghadap kamera, tangan di pangkuan.",
        "profile, id photo, neutral, linkedin | profil, pas foto, netral, linkedin",
        pose(
            (a.IN_LAP, a.IN_LAP_OVER),
            (b.on_chair(17, 102), b.on_chair(17, 102)),
            torso=(9, 0, 0),
            head=(0, 0, -8),
            contact=Contact.SEATED,
            props=(Prop.STOOL,),
        ),
        half(0),
    ),
    card(
        "headshot-turned",
        "Turned Headshot | Foto Profil Menyerong",
        "The body turned, the face back to the camera with a slight tilt."
        " | Badan menyerong, wajah kembali ke kamera dengan kepala sedikit miring.",
        "profile, angled, friendly, linkedin | profil, menyerong, ramah, linkedin",
        pose(
            (turn(a.HANG, forward=-6), moved(a.CLASPED, y=0.08)),
            b.WEIGHT_LEFT,
            torso=(2, -3, 6),
            pelvis=(36, 6, 0),
            head=(-34, 6, 1),
        ),
        half(4),
    ),
    card(
        "headshot-lean-in",
        "Leaning In | Condong ke Depan",
        "Leaning a little towards the viewer: all ears."
        " | Sedikit condong ke arah penonton: siap mendengarkan.",
        "friendly, approachable, consultant, listening"
        " | ramah, terbuka, konsultan, mendengarkan",
        pose(
            (a.CLASPED_OVER, a.CLASPED),
            b.STEP,
            torso=(16, 2, 0),
            pelvis=(-6, 0, 8),
            head=(4, 5, -14),
        ),
        half(-8),
        I,
    ),
    card(
        "chin-on-hand-headshot",
        "Hand at the Chin | Tangan di Dagu",
        "A finger at the chin, thoughtful and sharp."
        " | Satu jari di dagu, tampak berpikir dan tajam.",
        "thoughtful, consultant, smart, analyst | berpikir, konsultan, cerdas, analis",
        pose(
            (a.ACROSS, a.CHIN_FINGER),
            b.WEIGHT_RIGHT,
            torso=(0, 4, -3),
            pelvis=(-10, -6, 0),
            head=(8, -5, 3),
        ),
        half(10),
        I,
    ),
    card(
        "over-shoulder-headshot",
        "Over the Shoulder | Menoleh ke Belakang",
        "The back half turned, the face over the shoulder."
        " | Setengah membelakangi, wajah menoleh melewati bahu.",
        "dramatic, turned, creative, portrait | dramatis, menoleh, kreatif, potret",
        pose(
            (
                moved(a.CROSS_UNDER, 0.03, -0.05, 0.03),
                moved(a.CROSS_OVER, y=0.02, z=0.07),
            ),
            b.STAND,
            torso=(0, -3, 22),
            pelvis=(72, 0, 0),
            head=(-64, 4, 2),
        ),
        half(4),
        A,
        "unisex",
        "premium",
    ),
)
