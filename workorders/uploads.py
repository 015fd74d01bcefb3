"""What people upload, made harmless: judged by its content, never by its name. No database, no storage.

Photos are turned upright, made small and written anew, so nothing of the sender's file but the picture survives: no
place and time of taking, no hidden payload. PDFs are kept as they are and never shown inside a page.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from common.errors import Refusal

PDF = "application/pdf"
JPEG = "image/jpeg"
WEBP = "image/webp"
READS = ("JPEG", "PNG", "WEBP")
ACCEPT = "image/jpeg,image/png,image/webp,application/pdf"
NAME_CHARS = 120
QUALITY = 82


class Unreadable(Exception):
    """No picture, and no paper where papers are taken."""


@dataclass(frozen=True)
class Prepared:
    """A file ready to be stored."""

    name: str
    content_type: str
    content: bytes


def prepare(upload: UploadedFile, *, photos_only: bool = False) -> Prepared:
    """Check and rewrite one upload. Raises: Refusal on ``files``, naming the file and how to mend it."""
    name = clean_name(upload.name or "")
    if (upload.size or 0) > settings.ATTACHMENT_MAX_BYTES:
        most = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
        raise Refusal(_("“%(name)s” is too large; at most %(most)s.") % {"name": name, "most": most}, field="files")
    content = upload.read()
    try:
        is_paper = content.startswith(b"%PDF-") and not photos_only
        return _allowed(Prepared(name, PDF, content) if is_paper else _photo(name, content))
    except Unreadable as error:
        words = _("“%(name)s” cannot be taken. Photos as JPEG, PNG or WebP, papers as PDF.")
        if photos_only:
            words = _("“%(name)s” cannot be taken. Take a photo, or choose one: JPEG, PNG or WebP.")
        raise Refusal(words % {"name": name}, field="files") from error


def _allowed(file: Prepared) -> Prepared:
    if file.content_type not in settings.ATTACHMENT_TYPES:
        raise Unreadable
    return file


def _photo(name: str, content: bytes) -> Prepared:
    try:
        with Image.open(BytesIO(content), formats=READS) as image:
            if image.width * image.height > settings.ATTACHMENT_MAX_PIXELS:
                raise Refusal(_("“%(name)s” has too many pixels.") % {"name": name}, field="files")
            lossy = image.format == "JPEG"
            small = _upright(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise Unreadable from error
    out = BytesIO()
    small.save(out, format="JPEG" if lossy else "WEBP", quality=QUALITY)
    return Prepared(name, JPEG if lossy else WEBP, out.getvalue())


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera meant it, on white, no edge longer than the limit, and nothing but pixels."""
    edge = settings.ATTACHMENT_EDGE_PX
    image.draft("RGB", (edge, edge))  # a large JPEG is decoded small at once
    turned = ImageOps.exif_transpose(image)
    turned.thumbnail((edge, edge))
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        turned = turned.convert("RGBA")
        turned = Image.alpha_composite(Image.new("RGBA", turned.size, "white"), turned)
    bare = Image.new("RGB", turned.size)
    bare.paste(turned.convert("RGB"))
    return bare


def clean_name(name: str) -> str:
    """What the file is called on pages; it never becomes a path."""
    last = PurePosixPath(name.replace("\\", "/")).name
    printable = "".join(ch for ch in last if ch.isprintable()).strip(" .")
    return printable[-NAME_CHARS:] or _("no name")
