"""The shelf `office-workspace`."""

from lumiku_contracts.scene import Contact, Hold, Leg, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import I, card, shelf

SHELF = shelf(
    "office-workspace",
    card(
        "thinking",
        "Thinking | Berpikir",
        "One hand under the chin, the other arm across the body."
        " | Satu tangan di dagu, lengan lainnya di depan badan.",
        "hand on chin, idea, question | ide, pertanyaan, dagu",
        POSES["thinking"],
        half(),
        I,
    ),
    card(
        "phone-call",
        "On the Phone | Menelepon",
        "Walking with a phone at the ear. | Berjalan dengan ponsel di telinga.",
        "phone, call, office, busy | telepon, ponsel, kantor, sibuk",
        pose(
            (turn(a.FORWARDS, forward=18), a.EAR),
            b.swapped(b.STRIDE),
            torso=(3, 0, 8),
            pelvis=(-10, 0, 0),
            head=(10, -8, 2),
            contact=Contact.STRIDING,
            props=(held(Prop.PHONE),),
        ),
        seen(-8),
    ),
    card(
        "reading-phone",
        "Checking Messages | Memeriksa Pesan",
        "Looking down at a phone held before the chest."
        " | Menunduk melihat ponsel di depan dada.",
        "phone, message, reading, chat | ponsel, pesan, membaca, chat",
        pose(
            (a.TAP, a.PHONE_BELOW),
            b.CROSSED_ANKLES,
            torso=(8, 0, 0),
            pelvis=(14, 0, 0),
            head=(-6, 2, 22),
            gaze=(0, -14),
            props=(held(Prop.PHONE),),
        ),
        half(-16),
    ),
    card(
        "laptop-seated",
        "Working on a Laptop | Bekerja dengan Laptop",
        "Seated at a desk, hands on the keyboard."
        " | Duduk di meja, tangan di papan ketik.",
        "laptop, typing, desk, work | laptop, mengetik, meja, kerja",
        pose(
            b.both(a.TYPE),
            b.CHAIR,
            torso=(8, 0, 0),
            head=(0, 0, 12),
            gaze=(0, -8),
            contact=Contact.SEATED,
            props=(Prop.CHAIR, Prop.DESK, Prop.LAPTOP),
        ),
        seen(-38),
        I,
        "unisex",
        "featured",
    ),
    card(
        "laptop-carry",
        "Holding a Laptop | Memegang Laptop",
        "A laptop carried against the chest on the way."
        " | Laptop didekap di dada sambil berjalan.",
        "laptop, student, intern, carry | laptop, mahasiswa, magang, membawa",
        pose(
            (a.moved(a.ACROSS, y=0.06, z=0.03), turn(a.HANG, elbow=20)),
            b.STEP,
            torso=(0, 3, -4),
            pelvis=(-8, 0, 0),
            head=(6, -4, 0),
            props=(held(Prop.LAPTOP, Hold.LEFT),),
        ),
        three_quarter(14),
    ),
    card(
        "desk-lean",
        "Leaning on the Desk | Bersandar di Meja",
        "Half seated on the edge of a desk, both hands on its top."
        " | Setengah duduk di tepi meja, kedua tangan di atas meja.",
        "desk, relaxed, startup, office | meja, santai, startup, kantor",
        pose(
            b.both(a.ON_DESK_BEHIND),
            (
                Leg(forward=30, away=4, rotate=8, plumb=True),
                Leg(forward=34, away=-5, rotate=14, plumb=True),
            ),
            torso=(12, 0, 0),
            pelvis=(0, 0, -12),
            head=(8, 2, 0),
            contact=Contact.LEANING,
            props=(Prop.DESK,),
        ),
        seen(-22),
        I,
    ),
    card(
        "coffee-break",
        "Coffee Break | Rehat Kopi",
        "A cup in one hand, the other arm folded under it."
        " | Secangkir kopi di satu tangan, lengan lain terlipat di bawahnya.",
        "coffee, cup, break, office | kopi, cangkir, istirahat, kantor",
        pose(
            (a.moved(a.ACROSS, y=-0.06), a.moved(a.HOLD_CUP, y=0.03)),
            b.CROSSED_ANKLES,
            torso=(0, 3, -3),
            head=(-8, 4, 0),
            props=(held(Prop.CUP),),
        ),
        three_quarter(-14),
    ),
)
