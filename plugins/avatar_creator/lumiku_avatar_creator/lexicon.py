"""English and Indonesian words for looks, and what each of them says."""

from typing import Any, Final

COLOURS: Final = {
    "#1a1a1c": "black hitam",
    "#f4f3ef": "white putih",
    "#8b8d92": "grey gray abu abu-abu kelabu",
    "#b3262e": "red merah",
    "#7a1f35": "maroon burgundy marun",
    "#d9a0a6": "pink rose dusty-pink merah-muda",
    "#2f5ea8": "blue biru",
    "#22304f": "navy dongker",
    "#8fb4d6": "sky-blue biru-muda",
    "#3f7d52": "green hijau",
    "#93a98b": "sage",
    "#6b6d3a": "olive zaitun",
    "#e6c14c": "yellow kuning",
    "#d9853b": "orange oranye jingga",
    "#6f4f93": "purple violet ungu",
    "#b9a7d4": "lavender lilac ungu-muda",
    "#6e4a32": "brown coklat cokelat",
    "#d8c3a5": "beige krem cream nude",
    "#2f7f86": "teal turquoise tosca toska",
    "#c9a24a": "gold emas",
}
HAIR_COLOURS: Final = {
    "#120e0d": "black hitam",
    "#4a2f20": "brown brunette coklat cokelat",
    "#c9a063": "blonde blond pirang",
    "#8c3b1f": "red ginger auburn merah",
    "#9a9a9c": "grey gray silver abu-abu uban beruban",
    "#e9e7e2": "white putih",
}
EYE_COLOURS: Final = {
    "#3a2416": "brown dark coklat cokelat hitam black gelap",
    "#7d5a2c": "hazel amber",
    "#4f7fae": "blue biru",
    "#4f7a4d": "green hijau",
    "#7b858c": "grey gray abu-abu",
}
SKINS: Final = {
    "porcelain": "porcelain very-fair very-light pucat sangat-putih",
    "fair": "fair pale putih",
    "light": "light langsat kuning-langsat terang cerah",
    "medium": "medium olive sawo-matang",
    "tan": "tan tanned",
    "brown": "brown coklat cokelat sawo-gelap",
    "dark": "dark gelap black hitam",
    "deep": "deep very-dark sangat-gelap sangat-hitam",
}
HAIR: Final = {
    "buzz": "buzz shaved cepak",
    "short": "short pendek crop cropped",
    "side-part": "side-part side-parted belah-samping klimis",
    "curly": "curly keriting",
    "afro": "afro kribo",
    "bob": "bob",
    "long": "long panjang straight lurus",
    "wavy": "wavy bergelombang ikal",
    "ponytail": "ponytail kuncir-kuda kuncir dikuncir",
    "bun": "bun sanggul cepol updo",
    "none": "bald botak",
}
HEADWEAR: Final = {
    "hijab": "hijab jilbab kerudung berhijab berjilbab berkerudung headscarf "
    "veil segi-empat square-hijab",
    "pashmina": "pashmina shawl selendang",
    "khimar": "khimar syar'i syari bergo jilbab-panjang long-hijab",
    "sport-hijab": "sport-hijab sports-hijab hijab-olahraga hijab-sport",
    "peci": "peci berpeci songkok kopiah",
}
BEARDS: Final = {
    "stubble": "stubble unshaven brewok-tipis",
    "moustache": "moustache mustache kumis berkumis",
    "goatee": "goatee janggut",
    "full": "beard bearded full-beard brewok berjenggot jenggot",
    "none": "clean-shaven",
}
EYEWEAR: Final = {
    "round": "glasses spectacles eyeglasses kacamata berkacamata round-glasses "
    "kacamata-bulat",
    "square": "square-glasses kacamata-kotak",
    "sunglasses": "sunglasses shades kacamata-hitam",
}
FACES: Final = {
    "oval": "oval oval-face",
    "round": "round round-face bulat chubby-face",
    "square": "square square-face kotak persegi angular",
    "heart": "heart heart-shaped hati",
    "long": "long long-face panjang lonjong",
}
GENDERS: Final = {
    "feminine": "woman female lady girl mother mom aunt grandmother she her feminine "
    "wanita perempuan cewek ibu mbak gadis nenek",
    "masculine": "man male guy gentleman boy father dad uncle grandfather he his "
    "masculine pria laki-laki lelaki cowok bapak mas kakek",
    "androgynous": "androgynous unisex androgini",
}
AGES: Final = {
    22: "young muda girl boy gadis student mahasiswa mahasiswi",
    38: "adult dewasa mother father mom dad ibu bapak",
    45: "middle-aged paruh-baya mature matang",
    68: "old elderly senior grandmother grandfather tua lansia nenek kakek",
}
BODIES: Final = {
    "slim": "slim thin skinny slender lean langsing kurus ramping",
    "average": "average sedang",
    "athletic": "athletic fit sporty-build atletis",
    "muscular": "muscular strong buff berotot kekar",
    "curvy": "curvy montok berisi",
    "heavy": "heavy fat overweight plus-size plus chubby big gemuk gempal gendut",
}
HEIGHTS: Final = {
    0.85: "tall tinggi jangkung",
    0.2: "short petite pendek mungil",
}
ORIGINS: Final = {
    "southeast-asian": "indonesian southeast-asian javanese sundanese malay filipino "
    "thai vietnamese balinese asian asia jawa sunda melayu indonesia bali",
    "east-asian": "chinese japanese korean east-asian tionghoa jepang korea cina",
    "south-asian": "indian south-asian pakistani india",
    "middle-eastern": "arab arabic middle-eastern persian turkish timur-tengah",
    "african": "african black-woman black-man afrika",
    "european": "european caucasian white-woman white-man western eropa bule",
    "melanesian": "papuan melanesian papua",
}
EXPRESSIONS: Final = {
    "smile": "smiling smile smiles tersenyum senyum friendly ramah happy bahagia "
    "cheerful ceria",
    "laugh": "laughing laugh tertawa ketawa",
    "serious": "serious stern serius",
    "surprised": "surprised amazed terkejut kaget",
    "thoughtful": "thoughtful thinking pensive berpikir",
    "wink": "winking wink mengedip berkedip",
    "calm": "calm eyes-closed serene tenang mata-terpejam",
}
STYLES: Final = {
    "casual": "casual relaxed everyday kasual santai sehari-hari",
    "formal": "formal business office professional corporate kantor bisnis resmi "
    "businesswoman businessman",
    "sporty": "sporty sports gym athlete olahraga atlet runner pelari",
    "modest": "modest modestwear muslimah syariah",
    "elegant": "elegant fashion anggun modis chic glamorous",
}
CHILDREN: Final = (
    "child children kid kids toddler baby infant minor teen teens teenager "
    "underage schoolgirl schoolboy anak anak-anak balita bayi remaja bocah abg"
)
FILLERS: Final = (
    "a an the with and of in on who is are has wearing wears wear dressed looks "
    "looking very person people portrait picture avatar age aged years year old "
    "yo yr her his their my colored coloured dengan dan yang memakai mengenakan "
    "pakai berpakaian seorang orang sebuah berwarna warna umur usia berusia "
    "berumur tahun di ke dari sangat agak foto gambar gaya style look"
)


GARMENTS: Final = {
    "t-shirt": "t-shirt tshirt tee kaus kaos",
    "shirt": "shirt blouse kemeja blus",
    "sweater": "sweater hoodie jumper pullover sweter",
    "blazer": "blazer suit jacket jas jaket",
    "sport-top": "sport-top sports-top jersey activewear sportswear baju-olahraga",
    "tunic": "tunic tunik",
    "abaya": "abaya gamis jubah",
    "dress": "dress gown gaun",
    "trousers": "trousers pants slacks chinos celana celana-panjang",
    "jeans": "jeans jins denim",
    "shorts": "shorts celana-pendek",
    "leggings": "leggings legging",
    "skirt": "skirt rok",
    "shoes": "shoes sneakers trainers sepatu",
    "loafers": "loafers pantofel",
    "boots": "boots bot",
}
PATTERNS: Final = {
    "batik": "batik",
    "stripes": "striped stripes bergaris garis-garis",
    "checks": "checked plaid checkered kotak-kotak",
    "dots": "dotted polka-dot polkadot",
}
PARTS: Final = {
    "hair": "hair haired rambut berambut",
    "eyes": "eyes eye eyed mata bermata",
    "skin": "skin skinned kulit berkulit",
    "face": "face faced wajah berwajah muka",
    "body": "body build tubuh bertubuh badan berbadan figure",
}
INDONESIAN: Final = (
    "rambut berambut mata bermata kulit berkulit wajah berwajah muka tubuh bertubuh "
    "badan berbadan kaus kaos kemeja blus sweter jas jaket baju-olahraga tunik gamis "
    "jubah gaun celana celana-panjang celana-pendek rok sepatu pantofel jilbab "
    "kerudung berhijab berjilbab berkerudung selendang songkok kopiah"
)
"""Nouns whose adjectives follow them."""


def spoken(table: dict[Any, str]) -> dict[str, Any]:
    """The table read the other way: by word."""
    return {word: value for value, words in table.items() for word in words.split()}
