"""The shelf `food-beverage`."""

from lumiku_contracts.scene import Contact, Hand, Prop
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved, turn
from shelves.bodies import half, held, pose, seen, three_quarter
from shelves.cards import I, card, shelf

SHELF = shelf(
    "food-beverage",
    card(
        "sip-drink",
        "Taking a Sip | Menyeruput Minuman",
        "A cup at the lips, the other hand in the pocket."
        " | Cangkir di bibir, tangan lain di saku.",
        "drink, coffee, tea, cafe | minum, kopi, teh, kafe",
        pose(
            (a.POCKET, a.SIP),
            b.STEP,
            torso=(-2, 3, 0),
            pelvis=(26, 0, 0),
            head=(-24, -4, -4),
            props=(held(Prop.CUP),),
        ),
        half(-10),
    ),
    card(
        "cheers",
        "Cheers | Bersulang",
        "A raised cup towards the viewer. | Cangkir terangkat ke arah penonton.",
        "cheers, toast, drink, party | bersulang, minum, pesta, segar",
        pose(
            (a.HANG, moved(a.SHOW_FRONT, y=0.16, z=0.04)),
            b.WEIGHT_LEFT,
            torso=(-2, -4, 6),
            pelvis=(4, 6, 0),
            head=(0, 4, -4),
            props=(held(Prop.CUP),),
        ),
        half(-6),
    ),
    card(
        "drink-both-hands",
        "Warm Cup | Cangkir Hangat",
        "A warm cup in both hands before the chest."
        " | Secangkir minuman hangat di kedua tangan.",
        "warm, tea, cosy, morning | hangat, teh, nyaman, pagi",
        pose(
            b.both(turn(moved(a.HOLD_BOX, x=-0.05, y=0.07), hand=Hand.CUP)),
            b.swapped(b.STEP),
            torso=(3, 0, 0),
            pelvis=(-32, 0, 0),
            head=(28, 5, 6),
            props=(held(Prop.CUP),),
        ),
        half(0),
    ),
    card(
        "cafe-seated",
        "At the Café | Di Kafe",
        "Seated with a cup, an elbow resting, looking aside."
        " | Duduk dengan secangkir minuman, melirik ke samping.",
        "cafe, seated, coffee, hangout | kafe, duduk, kopi, nongkrong",
        pose(
            (a.ON_THIGH, moved(a.HOLD_CUP, y=0.04)),
            (b.on_chair(2, 104), b.on_chair(8, 66)),
            torso=(3, 4, -8),
            pelvis=(42, 0, 0),
            head=(-20, -4, 0),
            gaze=(-8, 0),
            contact=Contact.SEATED,
            props=(Prop.CHAIR, held(Prop.CUP)),
        ),
        seen(10),
    ),
    card(
        "bottle-refresh",
        "Refreshing Bottle | Botol Segar",
        "The head back, a cold bottle held up beside the face."
        " | Kepala agak mendongak, botol dingin diangkat di samping wajah.",
        "bottle, thirsty, refresh, cold | botol, haus, segar, dingin",
        pose(
            (a.ON_HIP, moved(a.SHOW, x=-0.01, y=-0.02, z=0.05)),
            b.WIDE,
            torso=(-6, 0, 0),
            head=(-4, 8, -10),
            props=(held(Prop.BOTTLE),),
        ),
        three_quarter(28),
        I,
    ),
    card(
        "taste-pinch",
        "A Pinch of Taste | Lezat Sekali",
        "Fingertips together at the lips: delicious."
        " | Ujung jari di bibir: lezat sekali.",
        "delicious, chef, taste, yummy | lezat, koki, rasa, enak",
        pose(
            (
                a.ON_HIP,
                a.to(
                    a.A.MOUTH,
                    (0.05, -0.14, 0.08),
                    (0.9, -0.8, 0.2),
                    (-0.3, 1, -0.25),
                    (-0.5, 0, -0.9),
                    Hand.PINCH,
                ),
            ),
            b.WEIGHT_RIGHT,
            torso=(0, 3, 0),
            pelvis=(-28, -6, 0),
            head=(26, -6, -2),
        ),
        half(0),
    ),
)
