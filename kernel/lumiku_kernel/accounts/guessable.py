"""Passwords that everybody tries first, known without a network.

No rules of composition: what is refused is a common word with or without digits and
signs, a walk over the keyboard, a short piece again and again, or one's own address.
"""

import re

_WORDS = """
aaaaaa abc access account admin administrator america angel apple asdf autumn avatar
babygirl backup badboy banana baseball basketball batman beautiful bismillah blessed
blink bond boomer buster butterfly canada champion changeit changeme cheese chicken
chocolate cinta computer cookie cowboy creator default demo diamond doctor dolphin
dragon eagle enter family flower football forever freedom friend friends garuda girl
golf gratis guest happy harley heaven hello hockey hunter iceman iloveyou indonesia
internet jakarta killer kitty knight letmein letmeinnow login london looking love
lovely loveme lovers lumiku lumikulumiku manchester master matrix merdeka mickey
monday money monkey monster mother mustang mypassword mysecret newyork ninja nothing
november october opensesame orange pakistan pass passcode passphrase passw passwd
password passwords peanut pepper phoenix picture player please princess private public
purple qazwsx qwert qwerty qwertz rahasia rainbow ranger root sayang school scooter
secret secure security september server shadow silver soccer softball spring
strawberry student studio summer sunday sunflower sunshine superman superstar
supervisor sweet system teacher temp temporary tennis terserah test tester testing
thunder trustno trustnoone tweety user username welcome welcometo whatever winner
winter wizard yellow
"""
WORDS = frozenset(_WORDS.split())
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "qwertzuiop",
    "azertyuiop",
)
SHORT = 3
"""A stretch of keys has so many, or it says nothing."""
_DISGUISE = str.maketrans("013457@$!|", "oieastasii")
_PIECE = re.compile(r"(.{1,4}?)\1+.{0,3}", re.DOTALL)


def guessable(password: str, email: str = "") -> bool:
    """Whether it is among the first guesses."""
    text = password.casefold()
    plain = "".join(letter for letter in text if letter.isalnum())
    word = re.sub(r"\d+$", "", plain)
    own = email.casefold().partition("@")[0]
    shapes = {plain, word, plain.strip("0123456789")}
    shapes |= {one.translate(_DISGUISE) for one in (text, plain, word, text.strip("!"))}
    if shapes & WORDS or text in {own, email.casefold()} or (own and word == own):
        return True
    if not plain or _PIECE.fullmatch(text) or len(set(text)) <= 2:  # noqa: PLR2004
        return True
    pieces = re.findall(r"[a-z]+|\d+", plain)
    return _walks(plain) or (bool(pieces) and all(map(_walks, pieces)))


def _walks(text: str) -> bool:
    """Whether it is a stretch of a row of keys, there or back."""
    ways = (way * 2 for row in ROWS for way in (row, row[::-1]))
    return len(text) >= SHORT and any(text in way for way in ways)
