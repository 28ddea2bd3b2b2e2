"""The shelf `business-portraits`."""

from lumiku_contracts.scene import Contact
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "business-portraits",
    card(
        "arms-crossed",
        "Arms Crossed | Tangan Bersedekap",
        "Standing upright with folded arms, looking straight at the viewer."
        " | Berdiri tegak dengan tangan bersedekap, menatap lurus ke depan.",
        "business, confident, folded arms, portrait"
        " | bisnis, percaya diri, bersedekap, potret",
        POSES["arms-crossed"],
        half(),
        B,
        "unisex",
        "featured",
    ),
    card(
        "arms-crossed-angle",
        "Arms Crossed at an Angle | Bersedekap Menyamping",
        "Folded arms, the body turned aside and the face to the viewer."
        " | Tangan bersedekap, badan menyamping dan wajah ke depan.",
        "business, angled, folded arms, expert | bisnis, menyamping, bersedekap, ahli",
        pose(
            (
                moved(a.CROSS_OVER, y=0.02, z=0.07),
                moved(a.CROSS_UNDER, 0.03, -0.05, 0.03),
            ),
            b.WEIGHT_RIGHT,
            torso=(-2, 5, -4),
            pelvis=(-34, -6, 0),
            head=(30, -4, 2),
        ),
        three_quarter(-6),
        I,
    ),
    card(
        "hands-clasped",
        "Hands Clasped in Front | Tangan Terlipat di Depan",
        "One hand over the other before the belly: calm and attentive."
        " | Satu tangan di atas yang lain di depan perut: tenang dan penuh perhatian.",
        "formal, polite, calm, staff | formal, sopan, tenang, karyawan",
        pose(
            (
                moved(a.CLASPED, x=0.03, y=0.09, z=0.05),
                moved(a.CLASPED_OVER, x=0.035, y=0.09, z=0.05),
            ),
            b.STAND,
            head=(0, 3, 1),
        ),
        three_quarter(8),
    ),
    card(
        "hand-in-pocket",
        "At Ease, a Hand by the Pocket | Santai, Tangan di Dekat Saku",
        "At ease with a hand by the pocket, the weight on one leg."
        " | Santai dengan satu tangan di dekat saku, beban di satu kaki.",
        "relaxed, pocket, founder, smart casual | santai, saku, pendiri usaha, rapi",
        pose(
            (turn(a.HANG, elbow=18), a.POCKET),
            b.WEIGHT_LEFT,
            torso=(0, -5, 4),
            pelvis=(8, 6, 0),
            head=(-6, 3, 0),
        ),
        seen(-12),
    ),
    card(
        "lapel-touch",
        "Straightening the Jacket | Merapikan Jas",
        "A hand at the jacket's front, ready for the meeting."
        " | Satu tangan merapikan bagian depan jas, siap untuk rapat.",
        "suit, jacket, ready, executive | jas, blazer, siap, eksekutif",
        pose(
            (a.POCKET, a.LAPEL),
            b.STEP,
            torso=(-2, 0, -6),
            pelvis=(12, 0, 0),
            head=(8, 0, 2),
        ),
        three_quarter(6),
        I,
    ),
    card(
        "hands-behind-back",
        "Hands Behind the Back | Tangan di Belakang",
        "Upright, hands joined behind the back."
        " | Tegak dengan tangan bertaut di belakang punggung.",
        "formal, posture, security, host | formal, tegap, petugas, penerima tamu",
        pose((a.BEHIND, a.BEHIND_OVER), b.WIDE, torso=(-5, 0, 0), head=(0, 0, -2)),
        seen(12),
    ),
    card(
        "business-stride",
        "Walking to a Meeting | Berjalan ke Rapat",
        "A purposeful step with one hand at the jacket."
        " | Langkah mantap dengan satu tangan di jas.",
        "walking, busy, executive, dynamic | berjalan, sibuk, eksekutif, dinamis",
        pose(
            (a.BACKWARDS, a.LAPEL),
            b.swapped(b.STRIDE),
            torso=(2, 0, 6),
            pelvis=(-4, 0, 0),
            head=(6, 0, 0),
            contact=Contact.STRIDING,
        ),
        seen(-20),
        I,
    ),
)
