"""The shelf `professional-hijab`."""

from lumiku_contracts.scene import Contact, Hold, Prop
from lumiku_pose_generator.library import Suitability
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

F: Suitability = "female"
SHELF = shelf(
    "professional-hijab",
    card(
        "hijab-arms-folded",
        "Arms Folded | Bersedekap Profesional",
        "Softly folded arms, a straight and friendly look."
        " | Tangan bersedekap lembut, tatapan lurus dan ramah.",
        "office, confident, manager, hijab | kantor, percaya diri, manajer, hijab",
        pose(
            (
                moved(a.CROSS_UNDER, 0.03, -0.06, 0.03),
                moved(a.CROSS_OVER, y=0.01, z=0.07),
            ),
            b.STEP,
            torso=(-3, -2, 4),
            pelvis=(14, 0, 0),
            head=(-10, 3, 0),
        ),
        half(6),
        B,
        F,
        "featured",
    ),
    card(
        "hijab-folder",
        "Holding a Laptop | Mendekap Laptop",
        "Both arms hold a closed laptop to the chest."
        " | Kedua lengan mendekap laptop tertutup di dada.",
        "laptop, teacher, student, office | laptop, guru, mahasiswi, kantor",
        pose(
            (
                moved(a.ACROSS, x=0.02, y=0.12, z=0.05),
                moved(a.ACROSS, x=0.03, y=-0.21, z=0.03),
            ),
            b.WEIGHT_LEFT,
            torso=(-2, -3, 0),
            pelvis=(-6, 6, 0),
            head=(8, 4, 0),
            props=(held(Prop.LAPTOP, Hold.LEFT),),
        ),
        three_quarter(8),
        B,
        F,
    ),
    card(
        "hijab-presenting",
        "Presenting | Mempresentasikan",
        "One palm open to the side, explaining."
        " | Satu telapak terbuka ke samping, menjelaskan.",
        "presentation, teacher, explain, hijab | presentasi, guru, menjelaskan, hijab",
        pose(
            (turn(a.OFFERING, away=46, elbow=60), moved(a.CLASPED, y=0.08)),
            b.EASY,
            torso=(2, 3, 6),
            pelvis=(-10, 0, 0),
            head=(-4, 3, 0),
        ),
        three_quarter(-10),
        B,
        F,
    ),
    card(
        "hijab-desk",
        "At the Desk | Di Meja Kerja",
        "Seated, one hand on the desk, the other at the chin."
        " | Duduk, satu tangan di meja, tangan lain di dagu.",
        "desk, thinking, office, work | meja, berpikir, kantor, kerja",
        pose(
            (moved(a.TYPE, y=0.06), a.CHIN_FIST),
            (b.on_chair(4, 90), b.on_chair(4, 78)),
            torso=(12, -3, 0),
            head=(10, -4, -2),
            contact=Contact.SEATED,
            props=(Prop.CHAIR, Prop.DESK),
        ),
        seen(-26),
        I,
        F,
    ),
    card(
        "hijab-phone-business",
        "Business Call | Telepon Bisnis",
        "A phone at the ear, the other arm across."
        " | Ponsel di telinga, lengan lain di depan badan.",
        "phone, call, business, hijab | telepon, ponsel, bisnis, hijab",
        pose(
            (moved(a.ACROSS, y=0.05), a.EAR),
            b.STEP,
            torso=(-2, 4, -6),
            pelvis=(-16, 0, 0),
            head=(20, -5, 0),
            gaze=(6, 4),
            props=(held(Prop.PHONE),),
        ),
        half(-6),
        B,
        F,
    ),
    card(
        "hijab-welcome-guest",
        "Welcoming a Guest | Menyambut Tamu",
        "A hand on the heart and a small bow."
        " | Satu tangan di dada dengan sedikit membungkuk.",
        "welcome, polite, reception, guest | selamat datang, sopan, resepsionis, tamu",
        pose(
            (moved(a.CLASPED, y=0.06), a.ON_HEART),
            b.TOGETHER,
            torso=(8, 0, 0),
            pelvis=(8, 0, 0),
            head=(-6, 4, 4),
        ),
        three_quarter(0),
        B,
        F,
    ),
)
