"""The shelf `everyday-casual`."""

from lumiku_contracts.scene import Contact, Leg, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "everyday-casual",
    card(
        "standing-relaxed",
        "Standing Relaxed | Berdiri Santai",
        "Standing at ease with the arms hanging."
        " | Berdiri santai dengan lengan terjuntai.",
        "neutral, full body, catalogue | netral, seluruh badan, katalog",
        POSES["standing-relaxed"],
        seen(),
        B,
        "unisex",
        "featured",
    ),
    card(
        "hip-shift",
        "Weight on One Leg | Bertumpu Satu Kaki",
        "The hip to one side, one arm loose, a thumb at the pocket."
        " | Pinggul ke satu sisi, satu lengan lepas, ibu jari di saku.",
        "relaxed, catalogue, jeans, easy | santai, katalog, jeans, ringan",
        pose(
            (a.POCKET, turn(a.LOOSE, forward=-6, away=20)),
            b.CROSSED_ANKLES,
            torso=(4, 7, -8),
            pelvis=(34, 5, 0),
            head=(-26, -5, 0),
        ),
        seen(4),
    ),
    card(
        "laughing-belly",
        "Laughing | Tertawa Lepas",
        "A hand on the belly, the head back, laughing."
        " | Satu tangan di perut, kepala mendongak, tertawa.",
        "laugh, happy, candid, joy | tertawa, bahagia, candid, gembira",
        pose(
            (turn(a.HANG, away=16), moved(a.ACROSS, x=0.08, z=-0.02)),
            b.STEP,
            torso=(-10, 4, 0),
            pelvis=(-8, 0, 0),
            head=(12, -8, -12),
        ),
        three_quarter(-10),
    ),
    card(
        "shrug",
        "Shrug | Angkat Bahu",
        "Shoulders up and palms out: who knows?"
        " | Bahu terangkat dan telapak terbuka: entahlah.",
        "shrug, question, unsure, funny | angkat bahu, bingung, tanya, lucu",
        pose(
            b.both(turn(a.OFFERING, away=24, shoulder_up=22)),
            b.EASY,
            torso=(2, 0, 0),
            head=(0, 12, 0),
        ),
        half(0),
    ),
    card(
        "carry-bag-walk",
        "Walking with a Bag | Jalan Membawa Tas",
        "An easy step with a shopping bag. | Langkah ringan dengan tas belanja.",
        "bag, errands, walk, daily | tas, belanja, jalan, harian",
        pose(
            (turn(a.FORWARDS, forward=28, elbow=40), turn(a.CARRY, away=16)),
            (
                Leg(forward=-10, away=2, rotate=8, knee=12, toe=22),
                Leg(forward=16, away=2, rotate=6, knee=6, ankle=8),
            ),
            torso=(-3, 4, 5),
            pelvis=(-30, 0, 0),
            head=(-10, 2, 0),
            contact=Contact.STRIDING,
            props=(held(Prop.SHOPPING_BAG),),
        ),
        seen(-32),
    ),
    card(
        "stretch-morning",
        "Morning Stretch | Peregangan Pagi",
        "Both arms stretched overhead, up on the toes."
        " | Kedua lengan terentang ke atas, berjinjit.",
        "morning, stretch, fresh, wake up | pagi, peregangan, segar, bangun",
        pose(
            (
                turn(a.UP, away=-36, forward=172),
                turn(a.UP, away=-38, forward=172, elbow=24),
            ),
            (Leg(away=4, rotate=8, toe=22), Leg(away=4, rotate=8, toe=22)),
            torso=(-6, 6, 0),
            head=(0, -6, -10),
        ),
        seen(12),
        I,
    ),
)
