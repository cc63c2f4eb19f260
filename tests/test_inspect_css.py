"""Style sheets of a page made harmless: what stays, what goes, and that nothing hostile gets through."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, Final

import pytest

from browsing import CHROMIUM, Visits
from declutter.inspect.css import attributes_asked, safe_media, safe_sheet, safe_style

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURE: Final = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { color : red ; }", "a{color: red ;}"),
        ("a{color:red}b{color:blue;}", "a{color:red;}b{color:blue;}"),
        ("a{color:red !important}", "a{color:red !important;}"),
        ("a{b:c ! Important }", "a{b:c !important;}"),
        ("a{b:c;;;d:e}", "a{b:c;d:e;}"),
        ("a{color:red/* x */}/* y */b{c:d}", "a{color:red ;}b{c:d;}"),
        ("<!-- a{b:c} -->", "a{b:c;}"),
        (":root{--a:1;--B:calc(var(--a)*2px)}", ":root{--a:1;--B:calc(var(--a)*2px);}"),
        (
            ".a>.b+.c~.d .e,#f::before:not(.g,h):nth-child(2n+1){a:b}",
            ".a>.b+.c~.d .e,#f::before:not(.g,h):nth-child(2n+1){a:b;}",
        ),
        (r".md\:flex,.\31 0{a:b}", r".md\:flex,.\31 0{a:b;}"),
        ("a{&:hover{b:c}d:e;f g{h:i}}", "a{&:hover{b:c;}d:e;f g{h:i;}}"),
        ("@media (400px<=width<600px){a{b:c}}", "@media (400px<=width<600px){a{b:c;}}"),
        ("@media print{@media screen{a{b:c}}}d{e:f}", "@media print{@media screen{a{b:c;}}}d{e:f;}"),
        ("@supports (display:grid) and (not (a:b)){c{d:e}}", "@supports (display:grid) and (not (a:b)){c{d:e;}}"),
        ("@keyframes x{from{a:b}50%{a:c}to{d:e}}", "@keyframes x{from{a:b;}50%{a:c;}to{d:e;}}"),
        ("@layer a,b;@layer c{d{e:f}}", "@layer a,b;@layer c{d{e:f;}}"),
        ("a{@media print{b:c}d:e}", "a{@media print{b:c;}d:e;}"),
        (
            "a{grid:[x] 1fr/repeat(2,minmax(0,1fr));font:12px/1.5 'A B',serif}",
            'a{grid:[x] 1fr/repeat(2,minmax(0,1fr));font:12px/1.5 "A B",serif;}',
        ),
        (r"a::before{content:'\f101'}", 'a::before{content:"\uf101";}'),
        (
            "a{background:linear-gradient(90deg,#fff 0%,rgba(0,0,0,.5))}",
            "a{background:linear-gradient(90deg,#fff 0%,rgba(0,0,0,.5));}",
        ),
        (f"a{{b:url({PICTURE}) 1px}}", f"a{{b:url({PICTURE}) 1px;}}"),
        (f"a{{b:url( '{PICTURE}' )}}", f"a{{b:url({PICTURE});}}"),
        # Selectors find what stands for an element, as specifically as before.
        ("img.x{a:b}", ':is(span,div,pre):where([data-declutter-tag="img"]).x{a:b;}'),
        ("X-Card{a:b}", ':is(span,div,pre):where([data-declutter-tag="x-card"]){a:b;}'),
        (".img,#img,:img,[img],.a-b{a:b}", ".img,#img,:img,[data-declutter-page-img],.a-b{a:b;}"),
        ("a:link,a:any-link{b:c}", "a:where(a):not([data-declutter-none]),a:where(a):not([data-declutter-none]){b:c;}"),
        ("[class~=a][ID='b'][ type=c i]{d:e}", '[class~=a][id="b"][ data-declutter-page-type=c i]{d:e;}'),
        (":lang(img):nth-child(1 of img){a:b}", ":lang(img):nth-child(1 of img){a:b;}"),
    ],
)
def test_plain_style_stays(css: str, expected: str) -> None:
    assert safe_sheet(css) == expected


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("@import 'x';a{b:c}", "a{b:c;}"),
        ("@IMPORT url(x) screen;a{b:c}", "a{b:c;}"),
        (r"@\69mport 'x';a{b:c}", "a{b:c;}"),
        ("@import url(x);@import 'y'", ""),
        ("a{@import 'x';b:c}", "a{b:c;}"),
        ("@media all{@import 'x';a{b:c}}", "@media all{a{b:c;}}"),
        ("@charset 'x';@namespace a url(b);c{d:e}", "c{d:e;}"),
        ("@font-face{font-family:x;src:url(//x)}a{b:c}", "a{b:c;}"),
        ("@page{a:b}@property --x{syntax:'<url>'}@counter-style x{symbols:url(x)}@unknown{a{b:c}}d{e:f}", "d{e:f;}"),
        ("@supports (background:url(//x)){a{b:c}}d{e:f}", "d{e:f;}"),
        ("a{b:red url(//x) 1px;c:d}", "a{b:red  none  1px;c:d;}"),
        (r"a{b:\75rl(//x);c:d}", "a{b: none ;c:d;}"),
        (r"a{b:\000055 r\6c(//x);c:d}", "a{b: none ;c:d;}"),
        (r"a{b:u\rl(//x)}", "a{b: none ;}"),
        (r"a{b:\75 \72 \6C ('//x')}", "a{b: none ;}"),
        ("a{b:url(/**//x);c:d}", "a{b: none ;c:d;}"),
        ("a{b:url(//x/*);c:d}/**/", "a{b: none ;c:d;}"),
        ("a{b:url(x y);c:d}", "a{b: none ;c:d;}"),
        ("a{b:url('//x' b(c));d:e}", "a{d:e;}"),
        ("a{b:url(//x", "a{b: none ;}"),
        ("a{b:u/**/rl(//x);c:d}", "a{c:d;}"),
        ("a{b:url(data:text/html,x);c:url(data:image/svg+xml,x)}", "a{b: none ;c: none ;}"),
        ("a{b:url('data:image/png;base64,A\\000029 ')}", "a{b: none ;}"),
        ("a{b:image-set('//x' 1x);c:d}", "a{c:d;}"),
        ("a{b:-webkit-image-set(url(//x) 1x);c:d}", "a{c:d;}"),
        ("a{b:src('//x');c:d}", "a{c:d;}"),
        ("a{b:cross-fade('//x',red);c:image('//x');d:element(#x);e:paint(x);f:g}", "a{f:g;}"),
        ("a{--x:url(//x);b:var(--x,image-set('//y' 1x));c:var(--x)}", "a{--x: none ;c:var(--x);}"),
        ("a{width:expression(alert(1));c:d}", "a{c:d;}"),
        ("a{width:expr/**/ession(alert(1));c:d}", "a{c:d;}"),
        (r"a{width:e\78pression(alert(1));c:d}", "a{c:d;}"),
        ("a{behavior:none;-moz-binding:none;BEHAVIOR:x;c:d}", "a{c:d;}"),
        (r"a{b\65havior:x;c:d}", "a{c:d;}"),
        ("a{filter:progid:DXImageTransform.Microsoft.Alpha(opacity=50);c:d}", "a{c:d;}"),
        (r"a{b:c\9;d:e}", "a{d:e;}"),
        ("a{content:'</style><script>';c:d}", "a{c:d;}"),
        ("a[b='</style>']{c:d}e{f:g}", "e{f:g;}"),
        ("@media (a</style>){b{c:d}}e{f:g}", "e{f:g;}"),
        ("@media (a<!--b){c{d:e}}", "@media (a b){c{d:e;}}"),
        ("a</style{b:c}", ""),
        ('a{b:"x\n;c:d}e{f:g}', "a{c:d;}e{f:g;}"),
        ("a{b:'x", "a{}"),
        ("a{b:'x\\", "a{}"),
        ("a{b:c", "a{b:c;}"),
        ("a{b:c!x;d:!important;e:f!important g}", "a{}"),
        ("@media x{a{b:c", "@media x{a{b:c;}}"),
        ("a{b:c;}/*", "a{b:c;}"),
        ("a{b:rgb(1", "a{b:rgb(1);}"),
        ("a{b:(];c:d)}", "a{}"),
        ("a{b:c}}d{e:f}g{h:i}", "a{b:c;}g{h:i;}"),
        ("a[{b:c}d{e:f}", ""),
        ("a(;{b:c}d{e:f}", ""),
        ("a{--x:{b:url(//x)};d:e}", "a{d:e;}"),
        ("a{b:{c:d};e:f}", "a{e:f;}"),
        ("\x00a{b:c\x00}", "\ufffda{b:c\ufffd;}"),
        ("a(b) c:d(e){f:g}:h(i){j:k}", ":h(i){j:k;}"),
        ("@media (a:expression(1)){b{c:d}}e{f:g}", "e{f:g;}"),
        ("a{b:c\ud800}", "a{b:c\ufffd;}"),
        (
            r"a{b:\d800 x;c:'\00DFFF';d:1\dbff;e:\d800(1);f:g}:\d8ab(x){h:i}",
            'a{b:\ufffd x;c:"\ufffd";d:1\ufffd;f:g;}:\ufffd(x){h:i;}',
        ),
        ("a{b:" + "1" * 5000 + "px;c:\\" + "0" * 5000 + "d800}", "a{b:0px;c:\ufffd;}"),
        ("a\\ {b:c}d{e:f}", "a\\ {b:c;}d{e:f;}"),
        ("\u3000{a:b}c\u00a0 {d:e}", "\u3000{a:b;}c\u00a0{d:e;}"),
        (r"a{content:'<';b:'\3c/style';c:d}", r'a{content:"\3C ";c:d;}'),
        ("a{b:" + "(" * 32 + ")" * 32 + ";c:" + "(" * 33 + ")" * 33 + "}", "a{b:" + "(" * 32 + ")" * 32 + ";}"),
        (":not(" * 33 + "a" + ")" * 33 + "{b:c}d{e:f}", "d{e:f;}"),
        ("a{" * 33 + "b:c" + "}" * 33 + "d{e:f}", "a{" * 32 + "}" * 32 + "d{e:f;}"),
        ("a\r\n{b:\fc}", "a{b: c;}"),
        ("{a:b}c{d:e}", "c{d:e;}"),
        ("", ""),
    ],
)
def test_what_is_hostile_or_broken_goes(css: str, expected: str) -> None:
    assert safe_sheet(css) == expected


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("color:red", "color:red;"),
        ("color:red!important; top:0 ! IMPORTANT", "color:red;top:0 ;"),
        ("color:red;}b{c:d}e:f", "color:red;e:f;"),
        ("color:red;{b:c}d:e", "color:red;d:e;"),
        ("@import 'x';color:red", "color:red;"),
        ("@media all{a:b}color:red", "color:red;"),
        ("@layer a;color:red", "color:red;"),
        ("background:url(//x) red", "background: none  red;"),
        ("--x:1;width:calc(var(--x)*1px)", "--x:1;width:calc(var(--x)*1px);"),
        ("color", ""),
        ("color:", ""),
        ("a:b;\"x';c:d", "a:b;"),
    ],
)
def test_style_attributes(css: str, expected: str) -> None:
    assert safe_style(css) == expected


def test_media_queries() -> None:
    assert safe_media("screen and (min-width: 100px), print") == "screen and (min-width: 100px), print"
    assert all(safe_media(query) is None for query in ("x{", "x;y", "(x", "x)", "url(x)", "</style"))


def test_attributes_that_selectors_ask_for() -> None:
    sheet = safe_sheet("[data-a],[data-b=c] [ D ] [class] [id=e]{f:g}[data-x{a:b}")
    assert attributes_asked(sheet) == {"data-a", "data-b", "d"}


@pytest.mark.parametrize(
    "css",
    [
        "{" * 500_000,
        "}" * 500_000,
        "(" * 500_000,
        "a{" * 300_000,
        "@media x{" * 100_000,
        '"' * 500_001,
        '"\\\n' * 300_000,
        "/*" * 500_000,
        "url(" * 250_000,
        'url("' * 200_000,
        ":not(" * 200_000 + "{}",
        "[" * 300_000 + "{}",
        "a{b:" + "calc(" * 200_000,
        "\\" * 500_001,
        "\\75" * 300_000,
        "1" * 500_000,
        "1." * 500_000,
        "1e" * 500_000,
        "-" * 500_000,
        "@" * 500_000,
        "<!--" * 250_000,
        "a,img " * 100_000 + "{}",
        "a{" + "b:c;" * 200_000,
        "a{" + "b c{}" * 100_000,
        "a{b:" + "!" * 500_000,
        "u+" * 250_000,
        "url(\\)" * 100_000,
        "\n" * 500_000 + "a" * 500_000,
    ],
    ids=lambda css: css[:6],
)
def test_time_grows_with_the_text(css: str) -> None:
    start = time.process_time()
    safe_sheet(css)
    assert time.process_time() - start < 10


PARTS: Final = (
    *(
        "a",
        "b-c",
        "img",
        ".d",
        "#e",
        "*",
        "--f",
        ":",
        ";",
        ",",
        " ",
        "\n",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        '"',
        "'",
        "\\",
        "/",
        "*/",
    ),
    *(
        "/*",
        "<",
        "</style>",
        "!",
        "!important",
        "@",
        "@media",
        "@import",
        "@font-face",
        "@layer",
        "url(",
        "u\\72l(",
        "//x",
        "expression(",
    ),
    *(
        "image-set(",
        "src(",
        "calc(",
        "not(",
        "1px",
        "50%",
        "-",
        "+",
        ".5",
        "\x00",
        "\ufffd",
        "\u00e9",
        "=",
        "<!--",
        "-->",
        "#fff",
    ),
    *("color:red", "a{b:c}", "data:image/png;base64,A"),
)


def test_whatever_comes_in_what_comes_out_is_closed_and_loads_nothing() -> None:
    made = random.Random(8)
    kept = 0
    for _ in range(2000):
        css = "".join(made.choices(PARTS, k=made.randint(1, 20)))
        css = made.choice((css, f"a{{b:c;d:{css}}}", f"@media all{{{css}", f"{css}{{e:f}}", f"g:h;{css}"))
        for out, marks in ((safe_sheet(css), "}"), (safe_style(css), ";")):
            kept += bool(out)
            assert not out or out[-1] in {marks, ";"}, css
            plain = re.sub(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", "S", out, flags=re.DOTALL)
            loads = plain.replace("\\72", "r").replace("url(data:image/png;base64,A)", "")
            plain = re.sub(r"\\.", "", plain, flags=re.DOTALL)
            assert '"' not in plain, css
            assert "'" not in plain, css
            assert plain.count("{") == plain.count("}"), css
            for opener, closer in ("()", "[]"):
                assert plain.count(opener) == plain.count(closer), css
            assert "</" not in out, css
            assert "/*" not in plain, css
            assert not re.search(r"@import|@font|url\(|image-set\(|src\(|expression\(", loads), css
            if marks == ";":
                assert not re.search("[{}]|!", plain), css
    assert kept > 500


LOADING: Final = [
    "@import 'http://HOST/1';",
    "@import url(http://HOST/2);",
    r"@\69mport 'http://HOST/3';",
    "p{background:url(http://HOST/4)}",
    r"p{background:\75rl(http://HOST/5)}",
    "p{background:image-set('http://HOST/6' 1x)}",
    "p{background:-webkit-image-set(url(http://HOST/7) 1x)}",
    "p{--x:url(http://HOST/8);background:var(--x)}",
    "p{background:-webkit-cross-fade(url(http://HOST/9),url(http://HOST/10),50%)}",
    "@font-face{font-family:f;src:url(http://HOST/11)}p{font-family:f}",
    "p::before{content:url('http://HOST/12')}",
    "p{cursor:url(http://HOST/13),auto;list-style:url(http://HOST/14);border-image:url(http://HOST/15) 1}",
    "@media all{p{background:url(http://HOST/16)}}",
    "@supports (color:red){@layer x{p{mask-image:url(http://HOST/17)}}}",
    "p{&{background:url(http://HOST/18)}}",
    "p{color:red;}<!-- --> p{background:url(http://HOST/19)}",
    "p{b:'x\n;background:url(http://HOST/20)}",
    "p{b:'\\\n;background:x';background:url(http://HOST/21)}",
    "p{shape-outside:url(http://HOST/22);float:left}",
    "p{filter:url(http://HOST/23#a);clip-path:url(http://HOST/24#b)}",
    "</style><img src=http://HOST/25>",
    "p{content:'</style><img src=http://HOST/26>'}",
]


@pytest.mark.skipif(CHROMIUM is None, reason="the browser tests need Chromium: apt-get install chromium")
def test_a_browser_asks_for_nothing_that_is_left(browser: Browser, stranger: str) -> None:
    """Without a content policy, as markup: what was dangerous before is not any more."""
    seen = []
    for clean in (str, safe_sheet):
        Visits.seen.clear()
        page = browser.new_page()
        for css in LOADING:
            page.set_content(
                f"<p>ink</p><style>{clean(css.replace('HOST', stranger))}</style><p class=x>ink", wait_until="load"
            )
        page.wait_for_timeout(300)
        page.close()
        seen.append(set(Visits.seen))
    assert len(seen[0]) >= 20
    assert seen[1] == set()
