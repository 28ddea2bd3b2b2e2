"""The shelf `editorial`."""

from lumiku_contracts.scene import Contact, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, seen, three_quarter
from shelves.cards import A, I, card, shelf

SHELF = shelf(
    "editorial",
    card(
        "contrapposto",
        "Contrapposto | Kontraposto",
        "Weight on one leg, a hand on the hip, the head turned away."
        " | Beban di satu kaki, satu tangan di pinggang, kepala menoleh.",
        "fashion, elegant, model, hand on hip | fesyen, anggun, peragawati, pinggang",
        POSES["contrapposto"],
        seen(-8),
        A,
        "unisex",
        "premium",
        "featured",
    ),
    card(
        "hand-in-hair",
        "Hand in the Hair | Tangan di Rambut",
        "An arm over the head, the hip pushed out."
        " | Satu lengan di atas kepala, pinggul ke samping.",
        "hair, dramatic, curve, model | rambut, dramatis, lekuk, model",
        pose(
            (turn(a.LOOSE, forward=-4), a.HAIR),
            b.WEIGHT_LEFT,
            torso=(-3, -10, 4),
            pelvis=(-8, 7, 0),
            head=(10, 8, -4),
        ),
        three_quarter(-10),
        A,
        "female",
    ),
    card(
        "profile-gaze",
        "Looking Away in Profile | Menatap Jauh",
        "Sideways to the camera, the chin up and the eyes far away."
        " | Menyamping ke kamera, dagu terangkat dan mata menatap jauh.",
        "profile, side, moody, editorial | profil, samping, suasana, editorial",
        pose(
            (turn(a.HANG, forward=-10), turn(a.HANG, forward=6, elbow=30)),
            b.STEP,
            torso=(-7, 0, 0),
            pelvis=(78, 0, 0),
            head=(4, 0, -14),
        ),
        seen(4),
        I,
    ),
    card(
        "back-glance",
        "Glance over the Shoulder | Lirikan dari Balik Bahu",
        "Seen from behind, the face returns over the shoulder."
        " | Dari belakang, wajah menoleh melewati bahu.",
        "back, dress, mystery, turn | belakang, gaun, misteri, menoleh",
        pose(
            (a.ON_HIP, a.HANG),
            b.WEIGHT_LEFT,
            torso=(-4, -6, -24),
            pelvis=(18, 6, 0),
            head=(-70, 4, 2),
        ),
        seen(-100),
        A,
    ),
    card(
        "crouch-editorial",
        "Low Crouch | Jongkok Editorial",
        "Crouching low, forearms on the knees, a level stare."
        " | Jongkok rendah, lengan di lutut, tatapan lurus.",
        "crouch, edgy, streetwear, bold | jongkok, keren, streetwear, berani",
        pose(
            (moved(a.ON_KNEE, y=0.02, z=0.06), moved(a.ON_KNEE, y=0.02, z=0.06)),
            b.CROUCH,
            torso=(14, 0, 0),
            pelvis=(0, 0, 18),
            head=(0, 0, -24),
            contact=Contact.CROUCHING,
        ),
        seen(-20),
        A,
    ),
    card(
        "chair-sprawl",
        "Thrown on a Chair | Duduk Santai Editorial",
        "Leaning back on a chair with wide knees, an arm hanging."
        " | Bersandar di kursi dengan lutut terbuka, satu lengan terjuntai.",
        "chair, bold, menswear, wide | kursi, berani, busana pria, lebar",
        pose(
            (a.ON_THIGH, turn(a.LOOSE, away=20, elbow=20)),
            (b.on_chair(26, 84), b.on_chair(30, 74)),
            torso=(4, -6, -6),
            pelvis=(0, 0, -14),
            head=(8, 6, -4),
            contact=Contact.SEATED,
            props=(Prop.CHAIR,),
        ),
        seen(-14),
        I,
        "unisex",
        "premium",
    ),
    card(
        "arm-frame",
        "Framing the Face | Membingkai Wajah",
        "Both arms bent over the head frame the face."
        " | Kedua lengan di atas kepala membingkai wajah.",
        "beauty, frame, arms, couture | kecantikan, bingkai, lengan, adibusana",
        pose(
            (a.HAIR, moved(a.NAPE, y=0.02)),
            b.WEIGHT_RIGHT,
            torso=(-4, 7, 0),
            pelvis=(0, -6, 0),
            head=(-10, -6, -2),
        ),
        half(0),
        A,
    ),
)
