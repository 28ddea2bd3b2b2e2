"""The shelf `service-hospitality`."""

from lumiku_contracts.scene import Contact, Leg, Prop
from shelves import arms as a
from shelves import bodies as b
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "service-hospitality",
    card(
        "salam-greeting",
        "Greeting with Joined Palms | Salam Tangan Bertaut",
        "Palms together before the chest and a small bow."
        " | Kedua telapak bertemu di depan dada dengan sedikit membungkuk.",
        "greeting, respect, welcome, namaste | salam, hormat, selamat datang, sapa",
        pose(b.both(a.PRAYER), b.TOGETHER, torso=(10, 0, 0), head=(0, 0, 8)),
        three_quarter(6),
        B,
        "unisex",
        "featured",
    ),
    card(
        "this-way-please",
        "This Way, Please | Silakan ke Sini",
        "One arm shows the way, the other rests before the belly."
        " | Satu lengan mempersilakan, tangan lain di depan perut.",
        "usher, hotel, guide, invite | mempersilakan, hotel, pemandu, mengundang",
        pose(
            (a.OFFERING, a.ACROSS),
            b.EASY,
            torso=(6, -3, 8),
            pelvis=(8, 0, 0),
            head=(6, 4, 2),
        ),
        three_quarter(-4),
    ),
    card(
        "serving-tray",
        "Serving on the Palm | Menyajikan dengan Telapak",
        "A flat raised palm carries a tray, the other arm behind the back."
        " | Telapak terangkat membawa nampan, lengan lain di belakang punggung.",
        "waiter, tray, restaurant, serve | pelayan, nampan, restoran, menyajikan",
        pose(
            (a.BEHIND, a.TRAY),
            b.STEP,
            torso=(-2, -2, 0),
            pelvis=(-12, 0, 0),
            head=(10, 0, 0),
            props=(held(Prop.TRAY),),
        ),
        three_quarter(10),
        I,
    ),
    card(
        "polite-bow",
        "Polite Bow | Membungkuk Hormat",
        "Bowing from the hips with the hands joined in front."
        " | Membungkuk dari pinggul dengan tangan bertaut di depan.",
        "bow, respect, thank you, service | membungkuk, hormat, terima kasih, layanan",
        pose(
            (
                a.moved(a.FIG_LEAF, x=0.02, z=0.045),
                a.moved(a.FIG_LEAF_OVER, y=0.01, z=0.09),
            ),
            (Leg(away=2, rotate=6, plumb=True), Leg(away=2, rotate=6, plumb=True)),
            torso=(16, 0, 0),
            pelvis=(0, 0, 18),
            head=(0, 0, -4),
        ),
        seen(-40),
        I,
    ),
    card(
        "hand-on-heart",
        "Hand on the Heart | Tangan di Dada",
        "A hand on the heart: thank you, sincerely."
        " | Satu tangan di dada: terima kasih dengan tulus.",
        "thank you, sincere, promise, service | terima kasih, tulus, janji, layanan",
        pose(
            (a.HANG, a.ON_HEART),
            b.WEIGHT_RIGHT,
            torso=(4, 4, 0),
            pelvis=(0, -6, 0),
            head=(0, -8, 6),
        ),
        half(0),
    ),
    card(
        "delivery-handover",
        "Handing Over a Parcel | Menyerahkan Paket",
        "Both hands hold a parcel out to the customer."
        " | Kedua tangan menyodorkan paket kepada pelanggan.",
        "courier, parcel, delivery, box | kurir, paket, antar, kotak",
        pose(
            b.both(a.moved(a.HOLD_BOX, y=-0.02, z=0.12)),
            b.STEP,
            torso=(10, 0, 0),
            pelvis=(-8, 0, 0),
            head=(6, 2, -4),
            props=(Prop.BOX,),
        ),
        three_quarter(-18),
    ),
    card(
        "call-centre",
        "Call Centre | Pusat Layanan",
        "Seated, a phone at the ear, ready to help."
        " | Duduk dengan telepon di telinga, siap membantu.",
        "headset, support, operator, help"
        " | headset, bantuan, operator, layanan pelanggan",
        pose(
            (a.moved(a.TYPE, y=-0.03), a.moved(a.EAR, y=0.01)),
            b.swapped(b.CHAIR),
            torso=(4, -4, 0),
            head=(4, -6, 2),
            contact=Contact.SEATED,
            props=(Prop.CHAIR, Prop.DESK, held(Prop.PHONE)),
        ),
        seen(-30),
        B,
    ),
)
