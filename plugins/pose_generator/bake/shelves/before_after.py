"""The shelf `before-after`."""

from lumiku_contracts.scene import Hand, Leg
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "before-after",
    card(
        "before-slouch",
        "Before: Slouching | Sebelum: Membungkuk",
        "Rounded back and hanging arms, a tired stand."
        " | Punggung membungkuk dan lengan terjuntai, berdiri lelah.",
        "before, tired, slouch, problem | sebelum, lelah, bungkuk, masalah",
        pose(
            b.both(turn(a.HANG, forward=10, elbow=6, shoulder_forward=12)),
            (
                Leg(away=3, rotate=4, knee=10, forward=6),
                Leg(away=3, rotate=4, knee=6, forward=4),
            ),
            torso=(18, 0, 0),
            head=(0, 0, 16),
        ),
        seen(-50),
    ),
    card(
        "after-tall",
        "After: Standing Tall | Sesudah: Berdiri Tegap",
        "Chest open and chin up, fresh and straight."
        " | Dada terbuka dan dagu terangkat, segar dan tegap.",
        "after, posture, fresh, result | sesudah, postur, segar, hasil",
        pose(
            b.both(turn(a.HANG, forward=-8, away=12, shoulder_forward=-8)),
            b.STEP,
            torso=(-9, 0, 0),
            head=(0, 0, -6),
        ),
        seen(-50),
    ),
    card(
        "before-unsure",
        "Before: Unsure | Sebelum: Ragu",
        "A hand at the nape, the eyes aside."
        " | Satu tangan di tengkuk, mata melirik ke samping.",
        "before, doubt, unsure, problem | sebelum, ragu, bingung, masalah",
        pose(
            (turn(a.HANG, elbow=8), a.NAPE),
            b.WEIGHT_RIGHT,
            torso=(6, 6, 0),
            pelvis=(0, -6, 0),
            head=(14, 8, 8),
            gaze=(14, -4),
        ),
        half(0),
    ),
    card(
        "after-thumbs-up",
        "After: Thumbs Up | Sesudah: Jempol",
        "Both thumbs up: it works. | Dua jempol: terbukti berhasil.",
        "after, thumbs up, works, happy | sesudah, jempol, berhasil, senang",
        pose(
            b.both(moved(a.THUMB, x=0.10, y=0.12, z=0.05)),
            b.WIDE,
            torso=(-5, 0, 0),
            head=(0, 4, -3),
        ),
        half(0),
        B,
        "unisex",
        "featured",
    ),
    card(
        "split-left",
        "Room on the Left | Ruang di Kiri",
        "An arm to the side shows what is next to it."
        " | Satu lengan ke samping menunjukkan yang ada di sebelahnya.",
        "compare, side, copy space, show | bandingkan, samping, ruang teks, tunjukkan",
        pose(
            (turn(a.ASIDE, away=96, pronate=-80, hand=Hand.OPEN), a.POCKET),
            b.WEIGHT_RIGHT,
            torso=(0, -4, 12),
            pelvis=(6, -6, 0),
            head=(30, 2, 0),
            gaze=(10, 0),
        ),
        three_quarter(-4),
    ),
    card(
        "waist-pull",
        "Slim from the Side | Langsing dari Samping",
        "Turned sideways, a hand on the flat belly, the other on the hip."
        " | Menyamping, satu tangan di perut yang rata, satu di pinggul.",
        "slim, waist, diet, result | langsing, pinggang, diet, hasil",
        pose(
            (
                a.ON_HIP,
                turn(a.ACROSS, hand=Hand.FLAT),
            ),
            b.STAND,
            torso=(-4, 0, 6),
            pelvis=(48, 0, 0),
            head=(-30, 0, 8),
        ),
        seen(0),
        I,
    ),
)
