"""The shelf `conference-speaking`."""

from lumiku_contracts.scene import Contact, Hand, Prop
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import B, I, card, shelf

SHELF = shelf(
    "conference-speaking",
    card(
        "open-palms-talk",
        "Explaining with Open Palms | Menjelaskan dengan Tangan Terbuka",
        "Both palms up and open before the body, in the middle of a sentence."
        " | Kedua telapak terbuka di depan badan, sedang menjelaskan.",
        "speaker, explaining, honest, gesture | pembicara, menjelaskan, jujur, gestur",
        pose(b.both(a.PALM_UP), b.STEP, torso=(4, 0, 0), head=(-6, 3, 2)),
        three_quarter(-10),
        B,
        "unisex",
        "featured",
    ),
    card(
        "holding-microphone",
        "Speaking into a Microphone | Berbicara dengan Mikrofon",
        "A fist at the mouth holds the microphone, the other hand opens."
        " | Satu tangan memegang mikrofon di dekat mulut, tangan lain terbuka.",
        "microphone, host, mc, stage | mikrofon, pembawa acara, mc, panggung",
        pose(
            (a.OFFERING, a.MIC),
            b.WEIGHT_LEFT,
            torso=(0, -3, 5),
            pelvis=(6, 6, 0),
            head=(10, 0, -2),
            props=(held(Prop.MICROPHONE),),
        ),
        three_quarter(-6),
        I,
    ),
    card(
        "point-at-screen",
        "Pointing at the Screen | Menunjuk Layar",
        "An arm shows the slide at the side while the face stays with the listeners."
        " | Satu lengan menunjuk layar di samping, wajah tetap ke hadirin.",
        "presentation, slide, teacher, screen | presentasi, slide, guru, layar",
        pose(
            (turn(a.ASIDE, away=104, hand=Hand.OPEN), a.HANG),
            b.EASY,
            torso=(0, 4, 10),
            pelvis=(10, 0, 0),
            head=(-14, 0, 0),
        ),
        three_quarter(0),
    ),
    card(
        "first-point",
        "Number One | Poin Pertama",
        "One finger up: the first point of the talk."
        " | Satu jari ke atas: poin pertama.",
        "one, count, idea, lecture | satu, hitungan, ide, kuliah",
        pose((a.ACROSS, a.POINT_UP), b.STAND, torso=(2, -4, 0), head=(-4, -4, 0)),
        half(6),
    ),
    card(
        "steepled-fingers",
        "Fingers Together | Jari Bertemu",
        "Fingertips brought together before the chest, measured words."
        " | Ujung jari bertemu di depan dada, berbicara dengan tenang.",
        "thoughtful, panel, interview, ceo | tenang, panel, wawancara, direktur",
        pose(
            b.both(a.STEEPLE),
            b.WEIGHT_RIGHT,
            torso=(3, 4, 0),
            pelvis=(-14, -6, 0),
            head=(10, -2, 2),
        ),
        half(-6),
        I,
    ),
    card(
        "stage-welcome",
        "Welcoming the Audience | Menyambut Hadirin",
        "Both arms open wide towards the audience."
        " | Kedua lengan terbuka lebar menyambut hadirin.",
        "welcome, stage, opening, mc | selamat datang, panggung, pembukaan, mc",
        pose(
            b.both(turn(a.WELCOME, away=44, forward=22, elbow=34)),
            b.WIDE,
            torso=(-6, 0, 0),
            head=(0, 0, -6),
        ),
        seen(4),
    ),
    card(
        "seated-panel",
        "Seated on a Panel | Duduk di Panel",
        "On a chair with crossed legs, one hand in the air mid-sentence."
        " | Duduk dengan kaki bersilang, satu tangan bergerak saat berbicara.",
        "panel, interview, seated, talk show | panel, wawancara, duduk, gelar wicara",
        pose(
            (turn(a.PALM_UP, hand=Hand.RELAXED), a.ON_KNEE),
            b.LEGS_CROSSED,
            torso=(6, 0, 6),
            head=(12, 2, 0),
            contact=Contact.SEATED,
            props=(Prop.CHAIR,),
        ),
        seen(-24),
        I,
    ),
)
