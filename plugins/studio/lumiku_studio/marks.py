"""Marks in the file that say a computer made the picture."""

import io

from PIL import Image, PngImagePlugin

SOURCE_TYPE = "digitalCreation"
# IPTC's vocabulary names the concept by an address, which is an identifier only.
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
LABEL = "Studio render"
PACKET = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 Iptc4xmpExt:DigitalSourceType="{source}"/>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def packet() -> str:
    """The XMP packet that says so."""
    return PACKET.format(source=VOCABULARY + SOURCE_TYPE)


def png(image: Image.Image, engine: str) -> bytes:
    """The picture as PNG, marked as computer-generated in text and XMP."""
    text = PngImagePlugin.PngInfo()
    text.add_text("Software", engine)
    text.add_text("Comment", f"{LABEL}: computer-generated, shows no real person.")
    text.add_itxt("XML:com.adobe.xmp", packet())
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=text, compress_level=4)
    return out.getvalue()
