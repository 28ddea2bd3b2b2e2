"""The shelf `live-selling`."""

from lumiku_contracts.scene import Contact, Hand, Prop
from lumiku_studio.scene.samples import POSES
from shelves import arms as a
from shelves import bodies as b
from shelves.arms import moved
from shelves.bodies import half, held, pose, seen
from shelves.cards import I, card, shelf

SHELF = shelf(
    "live-selling",
    card(
        "pointing",
        "Pointing Aside | Menunjuk ke Samping",
        "One arm points to the side and leaves room for words there."
        " | Satu lengan menunjuk ke samping, menyisakan ruang untuk teks.",
        "presenting, copy space, show | menunjuk, presentasi, promosi",
        POSES["pointing"],
        seen(-6),
        I,
    ),
    card(
        "live-hello",
        "Hello, Viewers | Halo Pemirsa",
        "Waving with both hands into the camera. | Melambaikan kedua tangan ke kamera.",
        "live, hello, wave, stream | live, halo, lambai, siaran",
        pose(b.both(a.WAVE), b.TOGETHER, torso=(2, 4, 0), head=(0, 6, 0)),
        half(0),
    ),
    card(
        "call-me",
        "Call Now | Hubungi Sekarang",
        "Thumb and little finger at the ear: order now."
        " | Ibu jari dan kelingking di telinga: pesan sekarang.",
        "call, order, contact, whatsapp | telepon, pesan, kontak, whatsapp",
        pose(
            (a.PALM_UP, a.CALL),
            b.WEIGHT_LEFT,
            torso=(0, -5, 0),
            pelvis=(4, 6, 0),
            head=(0, -10, 0),
        ),
        half(-4),
    ),
    card(
        "show-and-tell",
        "Show and Tell | Tunjukkan dan Jelaskan",
        "A phone in one hand, the other hand points at it."
        " | Ponsel di satu tangan, tangan lain menunjuknya.",
        "phone, review, gadget, explain | ponsel, ulasan, gawai, jelaskan",
        pose(
            (
                a.to(
                    a.A.CHEST,
                    (0.07, 0.125, 0.30),
                    (1, -0.6, 0),
                    (-1, 0.2, 0.12),
                    (-0.2, -0.9, 0.1),
                    Hand.POINT,
                ),
                a.SHOW_SCREEN,
            ),
            b.EASY,
            torso=(4, -3, -4),
            head=(-14, -3, 6),
            gaze=(-8, -6),
            props=(held(Prop.PHONE),),
        ),
        half(-8),
        I,
    ),
    card(
        "ok-sign",
        "All Good | Mantap",
        "An OK sign at shoulder height. | Tanda oke setinggi bahu.",
        "ok, approved, quality, good | oke, mantap, kualitas, bagus",
        pose(
            (a.ACROSS, a.OKAY),
            b.WEIGHT_RIGHT,
            torso=(0, 4, -2),
            pelvis=(-4, -6, 0),
            head=(6, -5, 0),
        ),
        half(0),
    ),
    card(
        "seated-live",
        "Seated Live Stream | Siaran Sambil Duduk",
        "On a chair, one hand raised with the product, the other open."
        " | Duduk di kursi, satu tangan mengangkat produk, tangan lain terbuka.",
        "live, chair, stream, seller | live, kursi, siaran, penjual",
        pose(
            (a.OFFERING, moved(a.SHOW, x=0.06, y=-0.08, z=0.14)),
            (b.on_chair(12, 88), b.on_chair(12, 88)),
            torso=(4, 0, 0),
            head=(-4, 4, 0),
            contact=Contact.SEATED,
            props=(Prop.CHAIR, held(Prop.BOTTLE)),
        ),
        seen(-10),
    ),
    card(
        "whisper-deal",
        "Secret Deal | Bisikan Promo",
        "A hand beside the mouth: a price only for you."
        " | Satu tangan di samping mulut: harga khusus untukmu.",
        "secret, whisper, deal, promo | rahasia, bisik, promo, diskon",
        pose(
            (a.HANG, a.MOUTH_ASIDE),
            b.STEP,
            torso=(12, -4, 6),
            pelvis=(-6, 0, 0),
            head=(-6, 8, -4),
        ),
        half(6),
        I,
    ),
)
