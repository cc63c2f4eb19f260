"""Decoding and parsing: whatever a page comes as becomes the same columns."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from declutter.document import DOCUMENT, TEXT, Document, decode, read_document
from declutter.errors import InputError

JAPANESE = (
    "<title>灯台</title><p>灯台守は毎晩、階段を上って明かりをともした。港の人々はその光を頼りに船を動かしている。</p>"
)
CHINESE = "<title>灯塔</title><p>守塔人每天晚上都要爬上楼梯点亮灯光。港口的人们依靠这道光来驾驶船只，这个习惯已经延续了一百年。</p>"
RUSSIAN = "<title>Маяк</title><p>Смотритель маяка каждый вечер поднимался по лестнице и зажигал огонь для лодок.</p>"
GERMAN = (
    "<title>Turm</title><p>Der Wärter stieg die Treppe hinauf. Grüße aus dem schönen Süden, wo die Äpfel süß sind.</p>"
)


def text_of(document: Document) -> str:
    return "".join(document.texts)


# -- decoding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\0\0\xfe\xff", "utf-32-be"),
    ],
)
def test_a_byte_order_mark_beats_everything(mark: bytes, encoding: str) -> None:
    page = "<meta charset=koi8-r>" + JAPANESE
    assert decode(mark + page.encode(encoding)) == (page, encoding)
    assert decode(mark + page.encode(encoding), "windows-1252") == (page, encoding)


@pytest.mark.parametrize(
    ("page", "codec", "label"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (JAPANESE, "shift_jis", "Shift_JIS"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (CHINESE, "gb18030", "gb2312"),
        (CHINESE, "hz", "hz-gb-2312"),
        (GERMAN, "cp1252", "iso-8859-1"),
        (GERMAN, "cp1252", "latin-1"),
        (GERMAN, "utf-8", "utf-8"),
    ],
)
@pytest.mark.parametrize("meta", ["<meta charset={}>", '<META http-equiv=x content="text/html; charset={}">'])
def test_a_declared_charset_is_believed(page: str, codec: str, label: str, meta: str) -> None:
    page = meta.format(label) + page
    assert decode(page.encode(codec)) == (page, label.lower())


@pytest.mark.parametrize("page", [JAPANESE, RUSSIAN, GERMAN])
def test_utf8_labelled_latin_1_is_utf8(page: str) -> None:
    page = "<meta charset=iso-8859-1>" + page
    assert decode(page.encode()) == (page, "utf-8")


@pytest.mark.parametrize(
    ("page", "codec"), [(GERMAN, "windows-1252"), (RUSSIAN, "windows-1251"), (JAPANESE, "shift_jis")]
)
def test_other_bytes_labelled_utf8_are_found_out(page: str, codec: str) -> None:
    page = "<meta charset=utf-8>" + page
    assert decode(page.encode(codec)) == (page, codec)


@pytest.mark.parametrize("meta", ["", "<meta charset=utf-8>", "<meta charset=iso-8859-1>", "<meta charset=shift_jis>"])
@pytest.mark.parametrize(
    ("page", "codec", "encoding"),
    [(JAPANESE, "iso2022_jp", "iso-2022-jp"), ("<p>등대지기는 매일 저녁 등불을 켠다.", "iso2022_kr", "iso-2022-kr")],
)
def test_escape_sequences_beat_what_is_declared(page: str, codec: str, encoding: str, meta: str) -> None:
    assert decode((meta + page).encode(codec)) == (meta + page, encoding)


def test_escape_sequences_in_utf8_are_no_reason() -> None:
    assert decode(("<p>\x1b$B" + GERMAN).encode()) == ("<p>\x1b$B" + GERMAN, "utf-8")
    assert decode(b"<p>\x1b$x") == ("<p>\x1b$x", "utf-8")


@pytest.mark.parametrize("label", ["utf-16", "utf-16le", "utf-7", "UTF-8"])
def test_a_label_that_the_bytes_of_the_label_refute(label: str) -> None:
    page = f"<meta charset={label}><p>plain +ADw-"
    assert decode(page.encode()) == (page, "utf-8")


@pytest.mark.parametrize(
    ("page", "codec", "encoding"),
    [
        (JAPANESE, "utf-8", "utf-8"),
        (JAPANESE, "shift_jis", "shift_jis"),
        (JAPANESE, "euc_jp", "euc-jp"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "utf-16-le", "utf-16-le"),
        (JAPANESE, "utf-16-be", "utf-16-be"),
        (CHINESE, "gb18030", "gbk"),
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (GERMAN, "cp1252", "windows-1252"),
        (GERMAN, "utf-16-be", "utf-16-be"),
        ("<p>ascii", "ascii", "utf-8"),
        ("", "ascii", "utf-8"),
        (" \n", "ascii", "utf-8"),
    ],
)
def test_an_undeclared_encoding_is_detected(page: str, codec: str, encoding: str) -> None:
    assert decode(page.encode(codec)) == (page, encoding)


@pytest.mark.parametrize(
    "label", ["klingon", "base64", "rot13", "zlib", "unicode_escape", "punycode", "idna", "undefined"]
)
def test_an_unknown_label_is_passed_over(label: str) -> None:
    page = f"<meta charset={label}>" + GERMAN
    assert decode(page.encode("cp1252")) == (page, "windows-1252")
    assert decode(page.encode()) == (page, "utf-8")


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_cut_inside_a_character_stays_utf8(cut: int) -> None:
    data = JAPANESE.removesuffix("</p>").encode()[:-3] + "光".encode()[:cut]
    text, encoding = decode(data)
    assert encoding == "utf-8"
    assert text.startswith(JAPANESE[:40])
    assert text.endswith("\ufffd")


def test_one_broken_byte_does_not_change_the_encoding() -> None:
    text, encoding = decode(JAPANESE.encode() + b"\xff" + JAPANESE.encode())
    assert (text, encoding) == (f"{JAPANESE}\ufffd{JAPANESE}", "utf-8")


@pytest.mark.parametrize("name", ["utf-16-le", "UTF-16BE", "cp1251", "windows-1251", "gb18030"])
def test_a_given_encoding_is_used(name: str) -> None:
    assert decode(RUSSIAN.encode(name), name) == (RUSSIAN, name)


def test_a_given_encoding_beats_a_declared_one() -> None:
    page = "<meta charset=koi8-r>" + RUSSIAN
    assert decode(page.encode("cp1251"), "windows-1251")[0] == page


@pytest.mark.parametrize("name", ["klingon", "", "base64", "rot13", "idna", "undefined", "punycode", "utf\0-8"])
def test_an_unknown_given_encoding_is_an_error_with_its_mend(name: str) -> None:
    with pytest.raises(InputError, match=r"unknown encoding .* give a name"):
        decode(b"<p>a", name)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\r\n%PDF-1.4 text", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (b"GIF89a\x01\0\x01\0", "GIF"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "RIFF"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"BZh91AY&SY\x01\x02", "bzip2"),
        (b"\xfd7zXZ\x00\x00", "xz"),
        (b"\x28\xb5\x2f\xfd\x04", "zstandard"),
        (b"\x7fELF\x02\x01", "program"),
        (b"\xd0\xcf\x11\xe0\xa1", "office"),
        (b"OggS\0\x02", "Ogg"),
        (b"ID3\x04\0\0", "MP3"),
        (b"wOF2\0\x01", "font"),
        (b"OTTO\0\x0c", "font"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (b"{\\rtf1\\ansi text}", "RTF"),
        (b"II*\0\x08\0", "TIFF"),
        (b"MM\0*\0\0", "TIFF"),
        (b"BM\x36\x10\x0e\0\0\0", "BMP"),
        (b"\0\0\x01\0\x01\0 ", "icon"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "7z"),
        (b"Rar!\x1a\x07\x01\0", "RAR"),
        (b"notes.txt" + bytes(248) + b"ustar\x0000", "tar"),
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "WARC"),
        (b"From: <Saved by Browser>\r\nMIME-Version: 1.0\r\n", "MHTML"),
        (b"\0asm\x01\0\0\0", "WebAssembly"),
        (b"MZ\x90\0\x03\0", "program"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", "program"),
        (b"\x1aE\xdf\xa3\x9fB", "WebM"),
        (b"\0\0\0\x20ftypisom\0\0", "MP4"),
        (b"\0\0\0\x1cftypavif\0\0", "AVIF"),
        (b"fLaC\0\0\0\x22", "FLAC"),
        (b"SQLite format 3\0\x10\0", "SQLite"),
        (b"\0" * 100, "binary"),
        (bytes(range(256)) * 4, "binary"),
        (b"text and \x01\x02\x03\x04", "binary"),
    ],
)
def test_bytes_that_are_no_page_are_named(data: bytes, kind: str) -> None:
    with pytest.raises(InputError, match=kind):
        read_document(data)
    with pytest.raises(InputError, match=kind):
        read_document(data, encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "RIFF is a word",
            "ID3 tags, explained",
            "BZh and OggS",
            "GIF89a is a version",
            "wOFF, a font",
            "MZ, the letters",
        ),
        *("BM is no word", "OTTO", "%!PS, a mark", "From: Ann", "PK\u0142", "Rar!", "???", "?PNG"),
    ],
)
def test_a_text_may_begin_like_a_file(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")
    assert text_of(read_document(text)).startswith(text[:3])


@pytest.mark.parametrize(("codec", "errors"), [("latin-1", "strict"), ("utf-8", "replace"), ("ascii", "replace")])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"GIF89a\x01\0\x01\0", "GIF"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\x7fELF\x02\x01", "program"),
        (b"\xfd7zXZ\x00\x00", "xz"),
    ],
)
def test_a_file_that_was_decoded_is_named_too(data: bytes, kind: str, codec: str, errors: Any) -> None:
    text = data.decode(codec, errors)
    with pytest.raises(InputError, match=kind):
        read_document(text)


def test_a_page_may_hold_some_control_characters() -> None:
    assert decode(b"<p>one\0two\x01</p>" + b"text " * 20)[1] == "utf-8"


# -- what a page may come as ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("html", [None, 5, ["<p>a"], {"a": 1}, Path("page.html"), io.BytesIO(b"<p>a")])
def test_other_types_are_errors_that_say_what_to_give(html: object) -> None:
    with pytest.raises(InputError, match=f"from {type(html).__name__}.*read_bytes"):
        read_document(html)  # type: ignore[arg-type]


def test_str_bytes_and_views_are_one_page() -> None:
    html = "<p class=a>Grüße</p>"
    whole = read_document(html)
    others: list[Any] = [html.encode(), bytearray(html.encode()), memoryview(html.encode())]
    for other in others:
        document = read_document(other)
        assert (document.tags, document.attributes, document.texts) == (whole.tags, whole.attributes, whole.texts)
        assert (document.source, document.encoding) == (html, "utf-8")
    assert (whole.source, whole.encoding) == (html, None)


def test_columns() -> None:
    document = read_document("<!doctype html><p class=a hidden>x<b>y</b></p><!-- c -->z")
    assert document.tags == [DOCUMENT, "html", "head", "body", "p", TEXT, "b", TEXT, TEXT]
    assert document.parents.tolist() == [-1, 0, 1, 1, 3, 4, 4, 6, 3]
    assert document.ends.tolist() == [9, 9, 3, 9, 8, 6, 8, 8, 9]
    assert [text for text in document.texts if text] == ["x", "y", "z"]
    assert len(document) == 9
    assert document.attribute(4, "class") == "a"
    assert document.attribute(4, "hidden") == ""
    assert document.attribute(4, "id") is None


@pytest.mark.parametrize("parser", ["lxml", "html.parser"])
def test_a_soup_gives_the_same_columns_and_stays_as_it_is(parser: str) -> None:
    html = (
        "<html><head><title>T</title></head><body><p class='a b'>x<b>y</b></p>"
        "<ul><li>1</li></ul><script>s</script></body></html>"
    )
    soup = BeautifulSoup(html, parser)
    before = str(soup)
    ours, theirs = read_document(html), read_document(soup)
    assert theirs.tags == ours.tags
    assert theirs.attributes == ours.attributes
    assert theirs.texts == ours.texts
    assert theirs.parents.tolist() == ours.parents.tolist()
    assert theirs.ends.tolist() == ours.ends.tolist()
    assert (theirs.source, theirs.encoding) == (None, None)
    assert str(soup) == before


def test_a_tag_of_a_soup_is_a_page_of_its_own() -> None:
    soup = BeautifulSoup("<div><p>in</p></div><p>out</p>", "html.parser")
    assert soup.div is not None
    document = read_document(soup.div)
    assert document.tags == [DOCUMENT, "div", "p", TEXT]
    assert text_of(document) == "in"


def test_comments_and_declarations_of_a_soup_are_no_text() -> None:
    soup = BeautifulSoup("<!doctype html><p>a<!-- c --><?x y?></p>", "html.parser")
    assert text_of(read_document(soup)) == "a"


def test_take_attribute_leaves_nothing_behind() -> None:
    html = "<div data-label=content class=x><p data-label=social>a</p><p data-label>b</p></div>"
    document = read_document(html)
    taken = document.take_attribute("data-label")
    assert [(document.tags[node], value) for node, value in taken.items()] == [
        ("div", "content"),
        ("p", "social"),
        ("p", ""),
    ]
    bare = read_document("<div class=x><p>a</p><p>b</p></div>")
    assert (document.tags, document.attributes, document.texts) == (bare.tags, bare.attributes, bare.texts)
    assert document.take_attribute("data-label") == {}


def test_attributes_that_a_program_has_set_are_read_as_bs4_writes_them() -> None:
    soup = BeautifulSoup('<p class="a b">x</p>', "html.parser")
    soup.p.attrs |= {"width": 3, "hidden": True, "id": None, "class": ["a", 1]}  # type: ignore[union-attr]
    document = read_document(soup)
    assert dict(document.attributes[1]) == {"width": "3", "hidden": "True", "id": None, "class": "a 1"}


@pytest.mark.parametrize("whole", [True, False])
def test_a_soup_that_is_decomposed_is_named(whole: bool) -> None:
    soup = BeautifulSoup("<p>x</p>", "html.parser")
    part = soup if whole else soup.p
    assert part is not None
    part.decompose()
    with pytest.raises(InputError, match="decomposed"):
        read_document(part)


def test_lone_surrogates_become_replacement_characters() -> None:
    assert text_of(read_document("<p>a\ud800b")) == "a\ufffdb"
    soup = BeautifulSoup("<p>x</p>", "html.parser")
    assert soup.p is not None
    soup.p.string = "a\ud800b"
    assert text_of(read_document(soup)) == "a\ufffdb"


@pytest.mark.parametrize(
    "template",
    [
        "<template shadowrootmode=open>",
        '<template shadowrootmode="closed">',
        "<template ShadowRootMode=open>",
        "<TEMPLATE SHADOWROOTMODE=OPEN>",
        "<template class='a>b' shadowrootmode=open>",
        "<template\nshadowrootmode=open shadowrootdelegatesfocus>",
    ],
)
def test_a_declarative_shadow_root_keeps_its_text(template: str) -> None:
    document = read_document(f"<div>{template}<p>inside</p></template>light</div>")
    assert text_of(document) == "insidelight"
    assert document.source is not None
    assert template in document.source


def test_a_document_pickles() -> None:
    document = read_document("<p class=a>x</p>")
    again = pickle.loads(pickle.dumps(document))
    assert (again.tags, again.attributes, again.texts, again.source) == (
        document.tags,
        document.attributes,
        document.texts,
        document.source,
    )


ASCII = "<meta charset=utf-8><p>The tide table of the harbour. " * 3


@pytest.mark.parametrize(
    "strange",
    [
        "\x1b$B",
        "\x1b$@ is how JIS begins",
        "\x1b$B and \x1b(B",
        "\x1b$)C",
        "\x1b$)C\x0e \x0f",
        "\x1b(B",
    ],
)
@pytest.mark.parametrize("declared", [True, False])
def test_an_escape_alone_is_no_encoding(strange: str, declared: bool) -> None:
    html = (ASCII if declared else ASCII.replace("charset", "name")) + strange + ASCII
    document = read_document(html.encode())
    assert (document.source, document.encoding) == (html, "utf-8")


def test_seven_bits_that_end_within_a_character_are_known() -> None:
    html = "<p>\u6f6e\u6c50\u8868\n<p>\u6f6e\u6c50\u8868"
    data = html.encode("iso-2022-jp")
    assert data.endswith(b"\x1b(B")
    for cut in (data, data[:-3], data[:-4]):
        assert read_document(cut).encoding == "iso-2022-jp"
