"""Bytes become text: what is no page is refused, and the encoding is found."""

from __future__ import annotations

import codecs
import re
from typing import Final

from declutter.errors import InputError

__all__ = ["codec_of", "decode", "mark_of", "refuse_decoded_files"]

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,1000}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
# Declarations are looked for this far; WHATWG says 1,024 bytes, but pages with long heads declare later.
_META_WINDOW: Final = 65536
_UNICODE_LABELS: Final = ("utf-8", "utf8", "utf-16", "utf-32")
# Written in seven bits, so that they look like ASCII.
_SEVEN_BIT_LABELS: Final = ("iso-2022", "csiso2022", "hz")
# What a page in ISO-2022-KR says before its first Korean character.
_KOREAN: Final = b"\x1b$)C"
_ESCAPE: Final = b"\x1b"
_SEVEN_BIT: Final = (
    (_KOREAN, b"\x0f", "iso-2022-kr"),
    (b"\x1b$B", b"\x1b(", "iso-2022-jp"),
    (b"\x1b$@", b"\x1b(", "iso-2022-jp"),
)
# WHATWG reads these as one U+FFFD; Python knows them.
_REPLACED: Final = frozenset(("hz-gb-2312", "iso-2022-kr", "csiso2022kr", "iso-2022-cn", "iso-2022-cn-ext"))
# Codecs that are no charset of a page: private ones of Python, and those that browsers refuse.
_NO_CHARSETS: Final = frozenset(
    ("utf-7", "idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "whatwg-x-user-defined")
)
_IMAGE: Final = "give the page that shows it"
_PACKED: Final = "unpack it first"
_WRITTEN: Final = "convert it to HTML first"
_MEDIUM: Final = "give the page that plays or uses it"
# What files begin with, what they are, and the mend.
_MAGIC: Final = (
    (b"%PDF-", "a PDF file", _WRITTEN),
    (b"%!PS-Adobe-", "a PostScript file", _WRITTEN),
    (b"{\\rtf1", "an RTF file", _WRITTEN),
    (b"\xd0\xcf\x11\xe0", "an office document", _WRITTEN),
    (b"\x89PNG\r\n\x1a\n", "a PNG image", _IMAGE),
    (b"\xff\xd8\xff", "a JPEG image", _IMAGE),
    (b"II*\0", "a TIFF image", _IMAGE),
    (b"MM\0*", "a TIFF image", _IMAGE),
    (b"\0\0\x01\0", "an icon image", _IMAGE),
    (b"PK\x03\x04", "a ZIP archive or office document", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _PACKED),
    (b"Rar!\x1a\x07", "a RAR archive", _PACKED),
    (b"WARC/1.", "a WARC archive", "take the pages out of it first"),
    (b"From: <Saved by ", "an MHTML archive", "save the page as HTML only"),
    (b"\x1f\x8b", "gzip-compressed data", _PACKED),
    (b"\xfd7zXZ\x00", "xz-compressed data", _PACKED),
    (b"\x28\xb5\x2f\xfd", "zstandard-compressed data", _PACKED),
    (b"\x7fELF", "a program", _MEDIUM),
    (b"\0asm", "a WebAssembly program", _MEDIUM),
    (b"\xca\xfe\xba\xbe", "a Java or macOS program", _MEDIUM),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM video", _MEDIUM),
    (b"SQLite format 3\0", "an SQLite database", "write its rows out as HTML first"),
)
# Of the above, those that a text may begin with: in a file a control character, a line end mostly, ends the version.
_SPOKEN_OF: Final = re.compile(
    rb"(?:%PDF-|%!PS-Adobe-|WARC/)(?![\d.]*(?: (?:EPSF|PDF|Query|ExitServer|Resource)[-\w.]*)? *(?:[\x00-\x1f\x7f-\xff]|\Z))"
)
# A text may begin with these letters too: then no control character follows.
_PLAIN_MAGIC: Final = (
    (b"GIF87a", "a GIF image", _IMAGE),
    (b"GIF89a", "a GIF image", _IMAGE),
    (b"BM", "a BMP image", _IMAGE),
    (b"RIFF", "a RIFF file (image, sound or video)", _MEDIUM),
    (b"BZh", "bzip2-compressed data", _PACKED),
    (b"OggS", "an Ogg file", _MEDIUM),
    (b"fLaC", "a FLAC file", _MEDIUM),
    (b"ID3", "an MP3 file", _MEDIUM),
    (b"wOFF", "a font", _MEDIUM),
    (b"wOF2", "a font", _MEDIUM),
    (b"OTTO", "a font", _MEDIUM),
    (b"MZ", "a program", _MEDIUM),
)
# The same further behind: MP4, HEIC, AVIF; tar.
_LATER_MAGIC: Final = (
    (4, b"ftyp", "an MP4, HEIC or AVIF file", _MEDIUM),
    (257, b"ustar", "a tar archive", _PACKED),
)
# What bytes that are no text become where they are decoded all the same.
_LOST: Final = b"?"
_HEAD: Final = 8192
# Share of control characters above which bytes are no text; one in ten of random bytes is one.
_BINARY_SHARE: Final = 0.05
_CONTROLS: Final = bytes(c for c in range(32) if c not in b"\t\n\f\r\x1b")
_HIGH: Final = bytes(range(128, 256))
# A page whose bytes are UTF-8 but for one character in this many is a damaged or truncated UTF-8 page.
_DAMAGED: Final = 20


def decode(data: bytes, encoding: str | None = None, *, judged: bool = False, prose: bool = False) -> tuple[str, str]:
    """Decode a page: byte-order mark, given encoding, UTF-16 by its shape, declared charset, UTF-8, detection.

    A declared encoding gives way to UTF-8 where the bytes are valid UTF-8 throughout, and to ISO-2022-JP or -KR where
    they are ASCII with its escape sequences and valid in it: no long text in another encoding is that by chance, and pages are
    mislabelled often (seven of the training corpora's). A declared UTF-8 gives way to detection where more characters
    are broken than sound.

    Args:
        data: the page's bytes.
        encoding: the encoding, where the caller knows it (from an HTTP header, say): a WHATWG label or a Python name.
        judged: it is the beginning of what is known to be a page.
        prose: it is text or Markdown, which may speak of files by what they begin with.

    Returns:
        The text and the name of the encoding it was read in. Bytes that the encoding does not know become U+FFFD.

    Raises:
        InputError: the bytes are not a page (PDF, image, archive, ...), or `encoding` is not known.
    """
    head = data[:_HEAD]
    if not judged:
        _refuse_files(head, prose=prose)
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    if encoding is not None and (given := _codec(encoding)) is None:
        raise InputError(f"unknown encoding {encoding!r}: give a name that Python knows, such as 'utf-8'")
    if encoding is None and (wide := _wide(head)) is not None:
        return data.decode(wide, "replace"), wide
    if not judged and not (encoding or "").lower().startswith(("utf-16", "utf-32", "utf16", "utf32")):
        _refuse_binary(head)
    if encoding is not None:
        return data.decode(given or encoding, "replace"), encoding
    declared = _META_CHARSET.search(data, 0, _META_WINDOW)
    label = declared.group(1).decode("ascii", "replace").lower() if declared else ""
    evidence = data
    if not label.startswith(_SEVEN_BIT_LABELS):
        label = _seven_bit(data) or label
    if not label.startswith(_SEVEN_BIT_LABELS):
        unicode_declared = label.startswith(_UNICODE_LABELS)
        text = _utf8(data, 1 if unicode_declared else _DAMAGED)
        if text is not None:
            return text, "utf-8"
        if unicode_declared and declared:
            # Detection would believe the declaration.
            evidence = data[: declared.start(1)] + data[declared.end(1) :]
            label = ""
    if label and (codec := _codec(label)) is not None:
        return data.decode(codec, "replace"), label
    from turbohtml.detect import detect  # noqa: PLC0415 - costs start-up time, and most pages are UTF-8

    match = detect(evidence)
    return data.decode(match.codec or "windows-1252", "replace"), (match.encoding or "windows-1252").lower()


def mark_of(data: bytes) -> bytes:
    """The byte-order mark that a page begins with, b"" for none; `decode` leaves it out."""
    return next((mark for mark, _ in _MARKS if data.startswith(mark)), b"")


def codec_of(encoding: str) -> str:
    """The name of the codec that `decode` reads an encoding with.

    Args:
        encoding: a name that it gave or was given.
    """
    return _codec(encoding) or encoding


def _codec(label: str) -> str | None:
    """The name of the codec of an encoding label, as WHATWG has it before Python; None for one that no page is in."""
    import turbohtml.detect  # noqa: F401, PLC0415 - knows the codecs of WHATWG; costs start-up time

    label = label.strip().lower()
    names = (label,) if label in _REPLACED else (f"whatwg-{label}", label)
    for name in names:
        try:
            found = codecs.lookup(name)
            b"a".decode(name, "replace")  # refuses codecs that give no text
        except (LookupError, ValueError):
            continue
        if found.name.replace("_", "-") not in _NO_CHARSETS:
            return name
    return None


def _seven_bit(data: bytes) -> str:
    """The encoding whose escape sequences, there and back, are in bytes that are ASCII else and valid in it; or ""."""
    if data.find(_ESCAPE, 0, _META_WINDOW) < 0:  # one byte is looked for at many times the speed of three
        return ""
    for escape, back, name in _SEVEN_BIT:
        start = data.find(escape, 0, _META_WINDOW)
        if start >= 0 and data.find(back, start) >= 0 and data.isascii():
            try:
                codecs.getincrementaldecoder(name)("strict").decode(data)  # the last character may be cut off
            except UnicodeDecodeError:
                continue
            return name
    return ""


def _utf8(data: bytes, damaged: int) -> str | None:
    """The bytes as UTF-8 where they are valid, or at most one character in so many beyond ASCII is broken."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = len(text) - broken - len(data.translate(None, _HIGH))
    return text if broken * damaged <= sound else None


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: markup is ASCII, so that many bytes in one of two places are NUL."""
    if b"\0" not in head:
        return None
    half = len(head) // 2
    for name, place in (("utf-16-le", 1), ("utf-16-be", 0)):
        nuls, others = head[place : 2 * half : 2].count(0), head[1 - place : 2 * half : 2].count(0)
        if nuls and nuls * 10 >= half and others * 8 <= nuls:
            text = head[: 2 * half].decode(name, "replace")
            strange = sum(character < " " and character not in "\t\n\f\r" for character in text) + text.count("\ufffd")
            # A character may be cut at the end of the window.
            if strange - 1 <= _BINARY_SHARE * half:
                return name
    return None


def refuse_decoded_files(text: str, *, prose: bool = False) -> None:
    """Refuse a str that somebody decoded a file into that is no page.

    Args:
        text: the str.
        prose: as for `decode`.

    Raises:
        InputError: it begins as such a file does.
    """
    head = text[:512].encode("latin-1", "replace")
    _refuse_files(head, prose=prose)
    start = head[:64].lstrip()
    for magic, name, mend in _MAGIC:
        lost = bytes(byte if byte < 128 else _LOST[0] for byte in magic)
        if lost != magic and len(lost.replace(_LOST, b"")) > 2 and start.startswith(lost):
            raise _no_page(name, mend)


def _refuse_files(head: bytes, *, prose: bool) -> None:
    start = head[:64]
    plain = len(start) == len(start.translate(None, _CONTROLS))
    for magic, name, mend in _MAGIC if plain else _MAGIC + _PLAIN_MAGIC:
        if start.lstrip().startswith(magic) and not (prose and _SPOKEN_OF.match(start.lstrip())):
            raise _no_page(name, mend)
    for place, magic, name, mend in () if plain else _LATER_MAGIC:
        if head.startswith(magic, place):
            raise _no_page(name, mend)


def _no_page(name: str, mend: str) -> InputError:
    return InputError(f"this is {name}, not a web page: {mend}")


def _refuse_binary(head: bytes) -> None:
    if _KOREAN in head:
        head = head.translate(None, b"\x0e\x0f")  # there they are no controls: they shift
    if len(head) - len(head.translate(None, _CONTROLS)) > _BINARY_SHARE * len(head):
        raise InputError("this is binary data, not a web page: give HTML, or its encoding if it is UTF-16 or UTF-32")
