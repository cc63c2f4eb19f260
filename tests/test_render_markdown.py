"""What of a page Markdown says in a way of its own: links around blocks, lists without items, emphasis, notes, code, formulas."""

from __future__ import annotations

import time

import numpy as np
import pytest

from declutter import predict
from declutter.blocks import segment
from declutter.document import read_document
from declutter.render.markdown import content_markdown


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<a href=/x><h3>T</h3></a>", "### [T](/x)"),
        ("<a href=/x><h3>T</h3><p>para</p></a>", "### [T](/x)\n\npara"),
        ("<a href=/x><h3>T <b>b</b></h3><h4>U</h4></a>", "### [T **b**](/x)\n\n#### [U](/x)"),
        ("<a href=/x>lead<h2>T</h2>tail</a> rest", "lead\n\n## [T](/x)\n\ntail rest"),
        (
            "<ul><li><a href=/x><div><img src=i.png alt=a><h3>T</h3></div></a></li></ul>",
            "- ![a](i.png)\n  ### [T](/x)",
        ),
        ("<a href=/x title=t><p>one</p><p>two</p></a>", '[one](/x "t")\n\ntwo'),
        ("<a href=/x><ul><li>1</li><li>2</li></ul></a>", "- [1](/x)\n- 2"),
        ("<a href=/x><pre>c\nd</pre></a>", "```\nc\nd\n```"),
        ("<a href=/x><p>one</p></a>", "[one](/x)"),
        ("<h2 id=h>T<a href=#h>¶</a></h2><p>a <a href=#h>#</a>", "## T\n\na [#](#h)"),
        ("<h2 id=h><a href=#h></a>T <a href=#h>U</a></h2>", "## T [U](#h)"),
        ("<a href=/x><div>one</div><div>two</div></a>", "[one two](/x)"),
        ("<h3><a href=/x>T</a></h3>", "### [T](/x)"),
        ("<a href=/x><table><td><a href=/y><h3>T</h3></a><td>b</table>", "| [T](/y) | b |\n| --- | --- |"),
    ],
)
def test_links_around_blocks(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>x</p><ul><ul><ul><ul><li>deep</li></ul></ul></ul></ul>", "x\n\n- deep"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
        ("<p>x</p><ol><ul><li>a</li></ul><li>b</li></ol>", "x\n\n1. a\n2. b"),
        ("<blockquote><li>a</li>\n<li>b<p>c</li>d</blockquote><li>e", "> - a\n>\n> - b\n>\n>   c\n>\n> d\n\n- e"),
    ],
)
def test_lists_without_items_around_them(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <b>bold word</b></p><p>a price*<b>⁹</b> of it", "a **bold word**\n\na price\\*__⁹__ of it"),
        ("<p>Слово <b>жирное</b> и <i>курсив</i>.", "Слово **жирное** и *курсив*."),
        ("<p>日<b>本</b>語", "日**本**語"),
        # Asterisks between a letter and a mark open and close nothing.
        ("<p>x<b>“a”</b>y <b>“b”</b> z", "x<strong>“a”</strong>y **“b”** z"),
        ("<p>a <b>b</b><i>c</i> d", "a **b**_c_ d"),
        ("<p><b><i>x</i></b> y", "**_x_** y"),
        ("<p>a <b>b</b><strong>c</strong><b> d</b> e", "a **bc d** e"),
        ("<p>a <b>b:</b><i> </i>c", "a **b:** c"),
        ("<p><b>a <b>b</b></b> y", "**a b** y"),
        ("<p>a<b> b </b>c", "a **b** c"),
        ("<p>a <b></b>c", "a c"),
        ("<p>x<b><a href=/y>z</a></b>w", "x<strong>[z](/y)</strong>w"),
        ("<p>“<b>a</b>” x", "“**a**” x"),
        ("<p><a href=/y>x<b>«z»</b></a>", "[x<strong>«z»</strong>](/y)"),
        ("<p><a href=/y><b>«z»</b></a>", "[**«z»**](/y)"),
        ("<pre>a <b>b</b></pre>", "```\na b\n```"),
        ("<p>H<sub>2</sub>O and m<sup>2</sup>", "H<sub>2</sub>O and m<sup>2</sup>"),
        ("<p>10&nbsp;km, &amp;nbsp;", "10 km, \\&nbsp;"),
        ("<table><tr><th colspan=1>a<th>b<tr><td>c<td>d</table>", "| a | b |\n| --- | --- |\n| c | d |"),
    ],
)
def test_words_in_a_line(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<pre><span></span>def f():\n    pass</pre>", "```\ndef f():\n    pass\n```"),
        ("<pre class=language-py>x</pre>", "```py\nx\n```"),
        ("<pre><code class='lang-js hljs'>x</code></pre>", "```js\nx\n```"),
        ("<pre class='hljs rust'><code>x</code></pre>", "```rust\nx\n```"),
        ("<div class='highlight highlight-source-shell'><pre>x</pre></div>", "```shell\nx\n```"),
        (
            "<div class='highlight-python notranslate'><div class=highlight><pre>x</pre></div></div>",
            "```python\nx\n```",
        ),
        ("<div class='highlight-default notranslate'><div class=highlight><pre>x</pre></div></div>", "```\nx\n```"),
        ("<pre class='brush: java; gutter: false'>x</pre>", "```java\nx\n```"),
        ("<figure class=highlight data-lang=go><pre>x</pre></figure>", "```go\nx\n```"),
        ("<pre class='code wide'>x</pre>", "```\nx\n```"),
        ("<pre><div>a</div><div><br></div><div>  b</div></pre>", "```\na\n\n  b\n```"),
        ("<pre><div><br></div></pre><p>a", "a"),
        ("<figure class='highlight python'><pre>x</pre></figure>", "```python\nx\n```"),
        ("<pre class='rust rust-example'><code>x</code></pre>", "```rust\nx\n```"),
        ("<pre class='sourceCode R'>x</pre>", "```r\nx\n```"),
        ("<pre class=mw-highlight-lang-ini>x</pre>", "```ini\nx\n```"),
        ("<div class='html go'><pre>x</pre></div>", "```\nx\n```"),
        ("<article class=lang-en><pre>x</pre></article>", "```\nx\n```"),
        ("<pre data-lang='a`\n<script>'>x</pre>", "```\nx\n```"),
        (
            "<table class=highlight><tr><td class=gutter><pre>1\n2</pre><td class=code><pre>a\nb</pre></table>",
            "```\na\nb\n```",
        ),
        (
            "<table><tr><td>file<td class=gutter>1<td><pre>a</pre></table>",
            "| file | 1 | `a` |\n| --- | --- | --- |",
        ),
    ],
)
def test_code(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<dl><dt>T<dd>one <b>x</b><dd>two<dt>U<dt>V<dd>z</dl><p>after", "T\n: one **x**\n: two\n\nU\nV\n: z\n\nafter"),
        ("<dl><div><dt>T<dd>one</div></dl>", "T\n: one"),
        ("<dl><dt>T<dd><p>one<p>two<pre>c</pre></dl>", "- T\n\n  one\n\n  two\n\n  ```\n  c\n  ```"),
        ("<dl><dt>f()<dd><p>says<dl><dt>x<dd>it</dl></dl>", "- f()\n\n  says\n\n  - x\n\n    it"),
        ("<dl><dt>C<dd><dl><dt>x<dd>it<dt>y<dd>too</dl></dl>", "- C\n  - x\n\n    it\n  - y\n\n    too"),
        ("<dl><dd>only</dl>", "only"),
        ("<dl><dd>a<dd>b<dt>T<dd>c<dd>d</dl>", "a\n\nb\n\nT\n: c\n: d"),
        ("<dl>a<dt>T<dd>d<p>b</dl>", "a\n\nT\n\nd\n\nb"),
    ],
)
def test_definitions(html: str, expected: str) -> None:
    assert written(html) == expected


NOTE = "<p>text.<sup id=r1><a href=#f1>1</a></sup> more<p>end<ol><li id=f1><p>Foot <b>n</b> <a href=#r1>↩</a></ol>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (NOTE, "text.[^1] more\n\nend\n\n[^1]: Foot **n**"),
        (
            "<p>a<a id=r href=#n>[*]</a> b<a id=s href=#n>[*]</a></p><p id=n><a href=#r>^</a> <a href=#s>^</a> A foot",
            "a[^1] b[^1]\n\n[^1]: A foot",
        ),
        ("<p>a<a id=r href=#n>1</a></p><p><a id=n href=#r>1</a> A foot</p>", "a[^1]\n\n[^1]: A foot"),
        (
            "<p>a<sup id=r><a href=#n>x</a></sup><ul><li id=n>one two<ul><li>b</ul><a href=#r>↑</a></ul>",
            "a[^x]\n\n[^x]: one two\n\n    - b",
        ),
        ("<p>a<sup><a href=#fn1>1</a></sup></p><ol><li id=fn1>b c</ol>", "a[^1]\n\n[^1]: b c"),
        ("<p>a<sup><a href=#n>1</a></sup></p><p id=n>1. b 1</p>", "a[^1]\n\n[^1]: b 1"),
        ("<p>a <a href=#n>[2]</a></p><p id=n>[2] 2 b</p>", "a [^2]\n\n[^2]: 2 b"),
        ("<p>a <a href=#ref3 rel=footnote>3</a></p><ol><li><span id=ref3>3 of b</span></ol>", "a [^3]\n\n[^3]: 3 of b"),
        ("<p>a<sup><a href=#n>1</a></sup></p><p id=n>b", "a<sup>[1](#n)</sup>\n\nb"),
        (
            "<p>a<sup id=r><a href=#n>[1]</a></sup> b<sup id=s><a href=#n>[1]</a></sup></p>"
            "<ol><li id=n>^ <a href=#r>a</a> <a href=#s>b</a> The source",
            "a[^1] b[^1]\n\n[^1]: The source",
        ),
        # No note links back, a section is no note, and a mark is short.
        ("<p>a<a href=#n>1</a><p id=n>b", "a[1](#n)\n\nb"),
        (
            "<p>a<a id=r href=#n>1</a></p><div><h2 id=n>H</h2><p>b <a href=#r>up</a></div>",
            "a[1](#n)\n\n## H\n\nb [up](#r)",
        ),
        ("<p><a id=r href=#n>a long text</a><p id=n>b <a href=#r>up</a>", "[a long text](#n)\n\nb [up](#r)"),
    ],
)
def test_footnotes(html: str, expected: str) -> None:
    assert written(html) == expected


TEX = "<semantics><mi>a</mi><annotation encoding=application/x-tex>{\\displaystyle a_{1}*b*}</annotation></semantics>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>Let <math>{TEX}</math> be", "Let $a_{1}*b*$ be"),
        (
            f"<p>Let <span><math>{TEX}</math><img alt='{{\\displaystyle a_{{1}}*b*}}' src=x></span> be",
            "Let $a_{1}*b*$ be",
        ),
        ("<p><math display=block alttext='x^2'><mi>x</mi></math>", "$$x^2$$"),
        ("<table><tr><th>a<tr><td><math alttext='|x|'><mi>x</mi></math></table>", "| a |\n| --- |\n| $\\|x\\|$ |"),
        ("<p>A <math><mi>x</mi><mo>=</mo></math> B", "A x= B"),
        ("<p><math alttext=x><mi>x</mi></math> in <img src=d.png alt=x>", "$x$ in ![x](d.png)"),
        (
            "<table><tr><td colspan=2>a <math alttext='x<y'><mi>x</mi></math><tr><td>b<td>c</table>",
            '<table><tbody><tr><td colspan="2">a <code class="math">x&lt;y</code></td></tr><tr><td>b</td><td>c</td></tr></tbody></table>',
        ),
        ("<p>a <code>math</code>", "a `math`"),
        # MathML that does not say its TeX, in a line.
        (
            "<p>A <math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac><mi>c</mi></math> B",
            "A a/(b+1) c B",
        ),
        (
            "<math><msqrt><mi>x</mi></msqrt><mroot><mi>y</mi><mn>3</mn></mroot><msubsup><mi>a</mi><mi>i</mi><mn>2</mn></msubsup></math>",
            "√(x)y<sup>1/3</sup>a<sub>i</sub><sup>2</sup>",
        ),
        (
            "<math> <mn>2</mn> <mi>sin</mi> <mi>x</mi><mtext> if </mtext><mi>x</mi><mo>&lt;</mo><mi>y</mi> </math>",
            "2 sin x if x\\<y",
        ),
        (
            "<math><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd></mtr></mtable></math>",
            "1, 2; 3",
        ),
        ("<math><mi>a</mi><annotation encoding=o>b</annotation><mtext><script>c</script></mtext></math>", "a"),
        # What is not closed takes in the rest of the paragraph.
        ("<p>Let <math alttext=x><mi>x</mi> be a number</p>", "Let x be a number"),
        ("<p>a <math><mi>x</mi><annotation encoding='text/plain'>b</annotation></math>", "a x"),
        # Scripts of MathJax 2, with what it drew before them.
        ("<p>E <script type='math/tex'>a<b</script> is", "E $a<b$ is".replace("<b", "< b")),
        ("<p>E</p><script type='math/tex; mode=display'>% <![CDATA[\na %]]></script><p>b", "E\n\n$$a$$\n\nb"),
        (
            "<p>E <span class=MathJax_Preview>a</span><span><span id=m-Frame>a</span></span><script type=math/tex id=m>a</script> is",
            "E $a$ is",
        ),
        ("<p>E <b>a</b><script type=math/tex id=m>a</script> is <script type=text/x>b</script>", "E **a**$a$ is"),
        # What KaTeX draws behind it.
        (
            f"<p>K <span><span><math>{TEX}</math></span><span aria-hidden=true><i>a</i>b</span></span> is",
            "K $a_{1}*b*$ is",
        ),
        (
            "<p>K <span><span><math><mi>a</mi></math></span><span aria-hidden=true>b</span></span> is",
            "K ab is",
        ),
        # What would be a tag or a link is none.
        ("<p><math alttext='a<script>b</script>'><mi>x</mi></math>", "$a< script>b< /script>$"),
        ("<p><math alttext='[a](javascript:b) [c]: d'><mi>x</mi></math>", "$[a] (javascript:b) [c] : d$"),
    ],
)
def test_formulas(html: str, expected: str) -> None:
    assert written(html) == expected


# A page whose links to its own places say its address before them.
LONG_NOTE = (
    "<link rel=canonical href=https://e.test/c><p>a<sup id=r><a href=https://e.test/c#n>1</a></sup>"
    " <a href=https://e.test/c#top>up</a></p><p id=n><a href=https://e.test/c#r>^</a> b c"
)


@pytest.mark.parametrize(
    ("html", "url", "expected"),
    [
        ("<p><a href=b.html>b</a> and <img src=/i.png alt=i>", "https://e.test/a/c.html", "[b](https://e.test/a/b.html) and ![i](https://e.test/i.png)"),
        ("<p>a <a href='#x'>b</a>", "https://e.test/c", "a [b](https://e.test/c#x)"),
        ("<base href=/d/><p>a <a href=b>b</a>", "https://e.test/c", "a [b](https://e.test/d/b)"),
        ("<p>a <a href=b>b</a>", None, "a [b](b)"),
        ("<p>a <a href=b>b</a>", "c.html", "a [b](b)"),
        ("<p>a <a href='http://[b'>b</a>", "https://e.test/c", "a b"),
        ("<p>a <a href=''>b</a> <a href=' '>c</a> <a>d</a>", "https://e.test/c", "a b c d"),
        (LONG_NOTE, None, "a[^1] [up](https://e.test/c#top)\n\n[^1]: b c"),
        (LONG_NOTE, "https://e.test/c?q", "a[^1] [up](https://e.test/c#top)\n\n[^1]: b c"),
        (LONG_NOTE.replace("rel=canonical", ""), "https://e.test/c#r", "a[^1] [up](https://e.test/c#top)\n\n[^1]: b c"),
        ("<p>a <a href='https://[e#x'>b</a>", "https://[e", "a b"),
        (NOTE, "https://e.test/c", "text.[^1] more\n\nend\n\n[^1]: Foot **n**"),
    ],
)  # fmt: skip
def test_addresses(html: str, url: str | None, expected: str) -> None:
    assert written(html, url) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # Nothing stands before the first word of a block.
        (
            "<p><br>a<br>b</p><ul><li><br>c<li><b><br>d</b></ul><div><p>e</p><br>f</div>",
            "a  \nb\n\n- c\n- **d**\n\ne\n\nf",
        ),
        # What is said of links and images stands in a line.
        ("<p><a href=/x title='a\n  b'>c</a> <img src=i alt='d\r\n\te ' title=' \n'>", '[c](/x "a b") ![d e](i)'),
        # Two line breaks part paragraphs, whatever is written around one of them.
        ("<div><span>a</span><br>\n<span class='x y'><br></span>\n<span>b</span></div>", "a\n\nb"),
        ("<div><b>a<br></b><br><i>b<br></i>c<b><i><br></i></b><br>d</div>", "**a**\n\n*b*  \nc\n\nd"),
        ("<div>a<br><a href=/x><br></a>b<a href=/y><br></a>c</div>", "a\n\nb  \nc"),
        ("<div>a<br class=x><br id=y title='1 > 0'>b<br class=x>c<br class=x></div>", "a\n\nb  \nc"),
        ("<pre>a<br><b><br></b>b</pre>", "```\na\n\nb\n```"),
        ("<ul><li><b> a </b>b<p>c</ul>", "- **a** b\n\n  c"),
        ("<ul><li><i><b> a</b></i><p>c</ul>", "- *__a__*\n\n  c"),
        ("<p>\u3000a <b>\u3000b</b> <b>c\u3000</b></p>", "\u3000a \u3000**b** <strong>c\u3000</strong>"),
        ("<h2>a\u3000b</h2>", "## a\u3000b"),
        # What needs no backslash has none.
        ("<p>1.0<p>#a<p>-5<p>+1<p>a <3 <=", "1.0\n\n#a\n\n-5\n\n+1\n\na <3 <="),
        (
            "<p>1. a<p># a<p>- 5<p>+ 1<p>a &lt;b<p>1.<b>a</b>",
            "1\\. a\n\n\\# a\n\n\\- 5\n\n\\+ 1\n\na \\<b\n\n1\\.**a**",
        ),
        ("<pre>1.0 <3</pre><p><code>#a</code>", "```\n1.0 <3\n```\n\n`#a`"),
        ("<p><ruby>a<rp>[</rp><rt>b</rt><rp>]</rp>c<rt>d</rt></ruby>", "a(b)c(d)"),
        ("<p>a <a href=x><span></span></a><a href=y>\u200b</a>b <a href=z><img src=i></a>", "a b [![](i)](z)"),
        ("<p>a<a href=x> </a>b <img><img src='data:image/png;base64,eA=='>c<img src=i>", "a b c![](i)"),
    ],
)
def test_beginnings_and_signs(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # Rows of other lengths.
        ("<table><tr><td>x<tr><td>a <b>q</b>*<td>b</table>", "| x |  |\n| --- | --- |\n| a **q**\\* | b |"),
        ("<table><tr><th>x<th>y<tr><td>a</table>", "| x | y |\n| --- | --- |\n| a |  |"),
        # Blocks in cells.
        (
            "<table><tr><td><p>a</p><p>b</p><td>c<div>d</div>e<td>f<br><br>g</table>",
            "| a<br>b | c<br>d<br>e | f<br>g |\n| --- | --- | --- |",
        ),
        (
            "<table><tr><td><div> <p>a</p></div><td><h3>b</h3><ul><li>c<p>d</ul><p>e</table>",
            "| a | b<ul><li>c<p>d</p></li></ul>e |\n| --- | --- |",
        ),
        ("<table><tr><td><pre>a\n    b  c</pre><td>d</table>", "| `a`<br>`    b  c` | d |\n| --- | --- |"),
        ("<table><tr><td><h5>a</h5><hr>b<td>c</table>", "| a<br>b | c |\n| --- | --- |"),
        # What only lays a page out.
        ("<table><tr><td><pre>a\n b</pre></table>", "```\na\n b\n```"),
        ("<table><tr><td><h2>a</h2><p>b<tr><td>c</table>", "## a\n\nb\n\nc"),
        ("<table><tr><td>&nbsp;<td><h2>a</h2><p>b<p>c<td></table>", "## a\n\nb\n\nc"),
        ("<table><tr><td><img src=i><td><p>a<p>b<tr><td colspan=2>c</table>", "![](i)\n\na\n\nb\n\nc"),
        ("<table><tr><td>a<td><p>b<p>c<tr><td><td>d</table>", "| a | b<br>c |\n| --- | --- |\n|  | d |"),
        ("<table><tr><td><td>a<tr><td><td>b</table>", "|  | a |\n| --- | --- |\n|  | b |"),
        ("<table><tr><td>a<td><table><tr><td>b<td>c</table></table>", "a\n\n| b | c |\n| --- | --- |"),
        ("<table><tr><td>a<tr><td>b</table>", "| a |\n| --- |\n| b |"),
        ("<table><tr><th>a<tr><td><p>b<p>c</table>", "| a |\n| --- |\n| b<br>c |"),
    ],
)
def test_tables(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "gone", "expected"),
    [
        ("<table><tr><th>a<th>b<tr><td>c<td>d<tr><td>e<td>f</table>", "cd", "| a | b |\n| --- | --- |\n| e | f |"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "ab", "|  |  |\n| --- | --- |\n| c | d |"),
        ("<table><tr><td>a<td>b<tr><td>c<td>d</table>", "bc", "| a |  |\n| --- | --- |\n|  | d |"),
    ],
)
def test_tables_less_chrome(html: str, gone: str, expected: str) -> None:
    document = read_document(html)
    blocks = segment(document)
    keep = np.array([text not in gone for text in blocks.texts], dtype=np.bool_)
    assert content_markdown(document, blocks, keep) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ol start=5><li>a<li>b</ol>", "5. a\n6. b"),
        ("<ol reversed><li>c<li>b<li>a</ol>", "3. c\n\n2) b\n1. a"),
        ("<ol><li>a<li value=7><p>b</p><ul><li>x</ul><li>c</ol>", "1. a\n\n7) b\n   - x\n8) c"),
        ("<ol reversed start=9><li>a <b>x</b> *</ol>", "9. a **x** \\*"),
        # Markdown has no such numbers.
        ("<ol start=-1><li>a <b>x</b><li><p>b</ol>", "- -1. a **x**\n- 0\\. b"),
        ("<ol start=9999999999><li>a</ol>", "- 9999999999\\. a"),
        ("<ol start=x><li value=y>a</ol>", "1. a"),
        (
            "<table><tr><th>h<tr><td><ol reversed><li value=3>a<li>b</ol></table>",
            '| h |\n| --- |\n| <ol reversed=""><li value="3">a</li><li>b</li></ol> |',
        ),
        (
            "<ol><li value=2>a<sup><a id=r href=#n>1</a></sup></ol><ol><li id=n>b c <a href=#r>^</a></ol>",
            "2. a[^1]\n\n[^1]: b c",
        ),
        (
            "<ul><li><input type=checkbox checked disabled> a<li><label><input type=checkbox>b</label></ul>",
            "- [x] a\n- [ ] b",
        ),
        ("<ul><li><p><input type=checkbox> a</p><p>b</p></ul>", "- [ ] a\n\n  b"),
        ("<ul><li>a <input type=checkbox> b<li><input type=radio> c</ul><input type=checkbox> d", "- a b\n- c\n\nd"),
    ],
)
def test_numbers_and_boxes_of_items(html: str, expected: str) -> None:
    assert written(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # An element without ink parts no word.
        ("<p>fo<span class=p></span>o ba<a name=x></a>r ba<wbr>z x<i></i>y", "foo bar baz xy"),
        # Links side by side are words apart, as in the text.
        (
            "<p><a href=x>a</a><a href=y>b</a><b><a href=z>c</a></b>d<a href=q>e</a>",
            "[a](x) [b](y) <strong>[c](z)</strong>d[e](q)",
        ),
        ("<p>a <a href=x>b</a> <a href=y>c</a>", "a [b](x) [c](y)"),
        ("<pre><a href=x>a</a><a href=y>b</a></pre>", "```\nab\n```"),
        # What only its style sets as a block.
        ("<p>a<span style='display:block'>b</span>c", "a\n\nb\n\nc"),
        ("<div><a href=x style='display:block'>a</a><a href=y style='display:block'>b</a></div>", "[a](x)\n\n[b](y)"),
        ("<p>t <img src=a> <img src=b> text", "t ![](a) ![](b) text"),
        ("<p><a href=x>l</a> <a href=y><img src=c></a> <b>z</b>", "[l](x) [![](c)](y) **z**"),
        ("<menu><li>a<li>b</menu>", "- a\n- b"),
    ],
)
def test_words_stand_apart_as_they_do_on_the_page(html: str, expected: str) -> None:
    assert written(html) == expected


S = "&lt;script&gt;a&lt;/script&gt;"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # A formula begins no code, and a mark is in no text.
        (f"<p><math alttext='`'><mi>x</mi></math> see <code>{S}</code></p>", "$‘$ see `<script>a</script>`"),
        ("<p>a\ufdd0b\ufdd4" + "0\ufdd5 c", "ab0 c"),
        # Emphasis around blocks leaves them apart.
        (f"<div>a<b><pre>{S}</pre></b></div>", "a\n\n```\n<script>a</script>\n```"),
        ("<div>a<b><ul><li>x</ul></b>b</div>", "a\n\n- **x**\n\nb"),
        ("<div>H<sup>1<pre>x</pre></sup></div><p>After", "H1\n\n```\nx\n```\n\nAfter"),
        ("<p>A <b><br>Wise</b> x</p>", "A  \n**Wise** x"),
        (f"<p><sub><br>{S}</sub></p>", "<sub>\\<script>a\\</script></sub>"),
        (f"<q><pre>{S}</pre></q>", "```\n<script>a</script>\n```"),
        ("<p>a <i>b<b>|c</b></i></p>", "a *b<strong>|c</strong>*"),
        ("<p>foo<b><img src=x alt=y></b>", "foo<strong>![y](x)</strong>"),
        ("<p>x <i><b>A</b>,<b>(B)</b></i>", "x *__A__,__(B)__*"),
        ("<table><tr><th>a<tr><td><b><i>a|b</i></b></table>", "| a |\n| --- |\n| **_a\\|b_** |"),
        # A note is no address where nobody knows notes.
        ("<p>T<sup><a href=#n1>1</a></sup><ol><li id=fn1>x</ol>", "T<sup>[1](#n1)</sup>\n\n1. x"),
        ("<p>T<sup><a href=#fn1>1</a></sup><ol><li id=fn1>javascript:a</ol>", "T[^1]\n\n[^1]: javascript:a ↩"),
        # An empty line would end a table that is written as HTML.
        (
            "<table><tr><td colspan=2><pre>a\n\n[x](javascript:a)</pre><tr><td>1<td>2</table>",
            '<table><tbody><tr><td colspan="2"><pre>a<br><br>[x]&#40;javascript:a)</pre></td></tr>'
            "<tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
        (
            "<table><tr><th>a<tr><td>b<ul><li>[](javascript:a)</ul></table>",
            "| a |\n| --- |\n| b<ul><li>[]&#40;javascript:a)</li></ul> |",
        ),
        # Words of a note that lead back stay, and what only looks like its mark.
        (
            "<p>x<sup><a id=r href=#n>1</a></sup><ol><li id=n><a href=#r>Smith, Title, 2010.</a></ol>",
            "x[^1]\n\n[^1]: Smith, Title, 2010.",
        ),
        ("<p>x<sup><a id=r href=#n>1</a></sup><p id=n>1.5 million <a href=#r>↑</a>", "x[^1]\n\n[^1]: 1.5 million"),
        (
            "<p>x<sup><a id=r href=#n>1</a></sup><ol>Notes:<p>Words<li id=n>a note <a href=#r>↑</a></ol>",
            "x[^1]\n\nNotes:\n\nWords\n\n[^1]: a note",
        ),
        ("<pre><dl><dt>T<dd>D</dl></pre>", "```\nT\nD\n```"),
        ("<pre><code>a</code> <math alttext=y><mi>y</mi></math></pre>", "```\na y\n```"),
        (
            "<table><tr><td>Important text<td class=gutter><pre>1</pre></table>",
            "| Important text | `1` |\n| --- | --- |",
        ),
        ("<pre><code><span><span>a:<span>\n</span></span></span><span>b</span></code></pre>", "```\na:\nb\n```"),
        # Sections, lists and tables of contents are no notes.
        (
            "<ul><li><a id=t href=#s>Intro</a></ul><div id=s><h2><a href=#t>Intro to all</a></h2><p>Body</div>",
            "- [Intro](#s)\n\n## [Intro to all](#t)\n\nBody",
        ),
        # What shows nothing leaves no mark.
        ("<p>a</p><div><span>\n</span></div><div><p> </p></div><p>b", "a\n\nb"),
        ("a<h2><img src='data:x'></h2>b<blockquote><img src='data:x'></blockquote>c", "a\n\nb\n\nc"),
        ("<ul><li><img src='data:x'><li>a<li><p></p></ul><ul><li></ul>", "- a"),
        ("<ol><li>a<li><img src='data:x'><li>b</ol>", "1. a\n2. \n3. b"),
        ("<p>a<br>b</p><pre>\n \nc</pre>", "a  \nb\n\n```\n \nc\n```"),
        (
            "<p>Pages <sup><a href=#p2>2</a></sup><ul><li>Alpha<li id=p2>Beta</ul>",
            "Pages <sup>[2](#p2)</sup>\n\n- Alpha\n- Beta",
        ),
    ],
)
def test_what_pages_do_to_it(html: str, expected: str) -> None:
    assert written(html) == expected


def test_many_and_deep_are_linear() -> None:
    started = time.monotonic()
    assert written("<p>" + "a <b>б</b> " * 20_000).count("**") == 40_000
    written("".join(f"<b class=c{n}>" for n in range(3000)) + "x")
    notes = "".join(f"<sup id=r{n}><a href=#f{n}>{n}</a></sup> w" for n in range(900))
    found = written(f"<p>{notes}<ol>{''.join(f'<li id=f{n}>n <a href=#r{n}>b</a>' for n in range(5000))}</ol>")
    assert found.count("]: n") == 900
    written("<dl><dt>a<dd>" * 2000)
    written(f"<math>{'<mfrac>' * 5000}<mi>x</mi></math>")
    written("<p>a" + "<script type=math/tex>a</script><span class=MathJax>b</span>" * 5000)
    written(f"<ol reversed>{'<li>a' * 5000}</ol>")
    written(f"<ul>{'<li><label><input type=checkbox>' * 5000}</ul>a")
    written(f"<table><tr>{'<td>a' * 5000}{'<tr><td>a' * 5000}</table>")
    written("<table><tr><td>a" * 1000)
    written("<blockquote>a" + "<li>b" * 10_000 + "<div><span> </span></div>" * 10_000)
    written("<div>" * 500 + "<h2></h2>" * 10_000)
    rows = "<tr><td class=gutter>1<td><pre>x</pre>" * 10_000
    assert written(f"<table>{rows}</table>").count("`x`") == 10_000
    assert time.monotonic() - started < 20


def written(html: str, url: str | None = None) -> str:
    document = read_document(html)
    blocks = segment(document)
    return content_markdown(document, blocks, np.ones(len(blocks), dtype=np.bool_), url)


@pytest.mark.parametrize(
    "base", ["http://a.test/&#xfdd4;x", "http://a.test/&#xfdd4;7&#xfdd5;x", "http://a.test/&#xfdd0;x"]
)
def test_a_base_that_holds_marks_makes_none(base: str) -> None:
    page = predict(
        f'<base href="{base}"><p>The wall, and <a href="#q">more of it</a>.</p>', strictness=0.0, url="http://b.test/"
    )
    found = page.markdown()
    assert found.startswith("The wall, and [more of it](http://a.test/")
    assert not set(found) & set("\ufdd0\ufdd4\ufdd5")


@pytest.mark.parametrize(
    "html",
    [
        '<td colspan=2 title="a\n\n[x](javascript:alert(1))">q',
        '<td colspan=2 title="a&#13;&#13;[x](javascript:alert(1))">q',
        "<td colspan=2>a\n<q>\n[x]: javascript:alert(1)\n<p>b</p></q>c\n<q>\n[x]<p>d</p></q>",
        "<td colspan=2>a&#13;&#13;[x]: javascript:alert(1)",
    ],
)
def test_nothing_ends_a_table_that_is_written_as_html(html: str) -> None:
    found = predict(f"<p>The wall.</p><table><tr>{html}<td>y</table>", strictness=0.0).markdown()
    before, table = found.split("\n\n")
    assert (before, table[:6], table[-8:]) == ("The wall.", "<table", "</table>")
    assert "\r" not in table
