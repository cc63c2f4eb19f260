"""Pages in many encodings, declared, declared wrongly and not at all: what they are read in and what comes out.

`make charsets` writes docs/encodings.md; a test holds that table to this program. The texts were written for it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from pathlib import Path
from typing import Final, NamedTuple

from declutter.document.decoding import decode

TABLE: Final = Path(__file__).resolve().parents[1] / "docs" / "encodings.md"

TEXTS: Final = {
    "Arabic": (
        "يصعد حارس المنارة كل مساء إلى أعلى البرج ويشعل المصباح. يراه الصيادون من بعيد ويعرفون طريق العودة إلى الميناء. "
        "وفي الشتاء، عندما تشتد الرياح، يبقى مستيقظا حتى الصباح."
    ),
    "Chinese": "守塔人每天晚上都要爬上楼梯点亮灯光。港口的渔民远远看见这道光，就知道回家的路。到了冬天风大的时候，他整夜不睡，一直守到天亮。",
    "Chinese, traditional": "守塔人每天晚上都要爬上樓梯點亮燈光。港口的漁民遠遠看見這道光，就知道回家的路。到了冬天風大的時候，他整夜不睡，一直守到天亮。",
    "French": (
        "Le gardien du phare monte chaque soir l’escalier et allume la lampe. Les pêcheurs l’aperçoivent de très loin et "
        "retrouvent leur chemin. L’été, la visite coûte deux euros ; l’hiver, où la mer est mauvaise, il n’y a personne."
    ),
    "German": (
        "Der Wärter steigt jeden Abend die Treppe hinauf und zündet die Lampe an. Die Fischer sehen das Licht über dem Meer "
        "und wissen, daß sie fast zu Hause sind. Im Winter, wenn die Stürme kommen, schläft er bis zum Morgen nicht."
    ),
    "Greek": (
        "Ο φύλακας του φάρου ανεβαίνει κάθε βράδυ τη σκάλα και ανάβει τη λάμπα. Οι ψαράδες βλέπουν το φως από μακριά και "
        "βρίσκουν τον δρόμο για το λιμάνι. Τον χειμώνα, όταν φυσάει, μένει ξύπνιος ως το πρωί."
    ),
    "Hebrew": (
        "שומר המגדלור עולה בכל ערב במדרגות ומדליק את המנורה. הדייגים רואים את האור מרחוק ומוצאים את הדרך אל הנמל. "
        "בחורף, כאשר הרוח חזקה, הוא נשאר ער עד הבוקר."
    ),
    "Hungarian": (
        "Az őr minden este felmegy a lépcsőn, és meggyújtja a lámpát. A halászok messziről látják a fényt, és tudják, merre "
        "van a kikötő. Télen, amikor erős szél fúj, reggelig ébren marad, és a hűvös toronyból figyeli a vizet."
    ),
    "Japanese": "灯台守は毎晩、階段を上って明かりをともす。漁師たちは遠くからその光を見て、港への道を知る。冬、風の強い夜には、朝まで眠らずに海を見ている。",
    "Korean": "등대지기는 매일 저녁 계단을 올라가 등불을 켠다. 어부들은 멀리서 그 빛을 보고 항구로 돌아오는 길을 안다. 바람이 센 겨울밤에는 아침까지 잠을 자지 않는다.",
    "Latvian": (
        "Bākas sargs katru vakaru kāpj augšā pa kāpnēm un iededz lampu. Zvejnieki redz gaismu no tālienes un zina ceļu uz ostu. "
        "Ziemā, kad pūš stiprs vējš, viņš paliek nomodā līdz rītam un raugās jūrā."
    ),
    "Lithuanian": (
        "Švyturio prižiūrėtojas kiekvieną vakarą lipa laiptais ir uždega lempą. Žvejai mato šviesą iš tolo ir žino kelią į uostą. "
        "Žiemą, kai pučia stiprus vėjas, jis nemiega iki ryto ir žiūri į jūrą."
    ),
    "Polish": (
        "Latarnik co wieczór wchodzi po schodach i zapala lampę. Rybacy widzą światło z daleka i wiedzą, którędy wrócić do "
        "portu. Zimą, gdy wieje silny wiatr, nie śpi aż do rana i patrzy na morze, choć nikt już nie płynie."
    ),
    "Romanian": (
        "Paznicul farului urcă în fiecare seară scara și aprinde lampa. Pescarii văd lumina de departe și știu drumul spre port. "
        "Iarna, când bate vântul, rămâne treaz până dimineața și își face însemnările."
    ),
    "Russian": (
        "Смотритель маяка каждый вечер поднимается по лестнице и зажигает лампу. Рыбаки видят свет издалека и знают дорогу в "
        "гавань. Зимой, когда дует сильный ветер, он не спит до утра и смотрит на море."
    ),
    "Serbian": (
        "Чувар светионика сваке вечери пење се уз степенице и пали лампу. Рибари виде светлост издалека и знају пут до луке. "
        "Зими, кад дува јак ветар, он је будан до јутра и гледа у море."
    ),
    "Thai": "คนเฝ้าประภาคารเดินขึ้นบันไดทุกเย็นเพื่อจุดตะเกียง ชาวประมงมองเห็นแสงไฟจากที่ไกลและรู้ทางกลับเข้าท่าเรือ ในฤดูหนาวเมื่อลมแรง เขาไม่นอนจนถึงเช้า",
    "Turkish": (
        "Fener bekçisi her akşam merdiveni çıkar ve lambayı yakar. Balıkçılar ışığı uzaktan görür ve limanın yolunu bilir. "
        "Kışın, rüzgâr sert estiğinde, sabaha kadar uyumaz ve denize bakar; yağmur yağsa da değişmez."
    ),
    "Ukrainian": (
        "Доглядач маяка щовечора піднімається сходами й запалює лампу. Рибалки бачать світло здалеку і знають дорогу до гавані. "
        "Узимку, коли дме сильний вітер, він не спить до ранку й дивиться на море, бо хтось іще може їхати."
    ),
    "Vietnamese": (
        "Người gác hải đăng mỗi tối đều leo cầu thang và thắp đèn. Những người đánh cá nhìn thấy ánh sáng từ xa và biết đường "
        "về bến. Mùa đông, khi gió mạnh, ông thức đến sáng để nhìn ra biển."
    ),
}


class Charset(NamedTuple):
    """An encoding to try.

    Attributes:
        codec: Python's name for it.
        label: what a page declares.
        language: of the text.
        mark: the page begins with a byte-order mark.
    """

    codec: str
    label: str
    language: str
    mark: bool = False


CHARSETS: Final = (
    Charset("utf-8", "UTF-8", "Ukrainian"),
    Charset("utf-8-sig", "UTF-8", "Ukrainian", mark=True),
    Charset("utf-16-le", "UTF-16", "Japanese", mark=True),
    Charset("utf-16-be", "UTF-16", "Japanese", mark=True),
    Charset("utf-16-le", "UTF-16LE", "Polish"),
    Charset("utf-16-be", "UTF-16BE", "Korean"),
    Charset("utf-32-le", "UTF-32", "Greek", mark=True),
    Charset("cp1250", "windows-1250", "Polish"),
    Charset("cp1251", "windows-1251", "Russian"),
    Charset("cp1252", "windows-1252", "French"),
    Charset("cp1253", "windows-1253", "Greek"),
    Charset("cp1254", "windows-1254", "Turkish"),
    Charset("cp1255", "windows-1255", "Hebrew"),
    Charset("cp1256", "windows-1256", "Arabic"),
    Charset("cp1257", "windows-1257", "Lithuanian"),
    Charset("cp1258", "windows-1258", "Vietnamese"),
    Charset("cp874", "windows-874", "Thai"),
    Charset("iso8859_1", "ISO-8859-1", "German"),
    Charset("iso8859_2", "ISO-8859-2", "Hungarian"),
    Charset("iso8859_4", "ISO-8859-4", "Latvian"),
    Charset("iso8859_5", "ISO-8859-5", "Serbian"),
    Charset("iso8859_6", "ISO-8859-6", "Arabic"),
    Charset("iso8859_7", "ISO-8859-7", "Greek"),
    Charset("iso8859_8", "ISO-8859-8", "Hebrew"),
    Charset("iso8859_9", "ISO-8859-9", "Turkish"),
    Charset("iso8859_13", "ISO-8859-13", "Lithuanian"),
    Charset("iso8859_15", "ISO-8859-15", "German"),
    Charset("iso8859_16", "ISO-8859-16", "Romanian"),
    Charset("koi8_r", "KOI8-R", "Russian"),
    Charset("koi8_u", "KOI8-U", "Ukrainian"),
    Charset("cp866", "IBM866", "Russian"),
    Charset("mac_roman", "macintosh", "French"),
    Charset("mac_cyrillic", "x-mac-cyrillic", "Russian"),
    Charset("shift_jis", "Shift_JIS", "Japanese"),
    Charset("euc_jp", "EUC-JP", "Japanese"),
    Charset("iso2022_jp", "ISO-2022-JP", "Japanese"),
    Charset("gbk", "GBK", "Chinese"),
    Charset("gb18030", "GB18030", "Chinese"),
    Charset("hz", "HZ-GB-2312", "Chinese"),
    Charset("big5", "Big5", "Chinese, traditional"),
    Charset("big5hkscs", "Big5-HKSCS", "Chinese, traditional"),
    Charset("euc_kr", "EUC-KR", "Korean"),
    Charset("iso2022_kr", "ISO-2022-KR", "Korean"),
)
# Of a page that declares nothing, its own encoding, and the two that pages are declared in most often by mistake.
DECLARED: Final = ("itself", "UTF-8", "ISO-8859-1", "nothing")


def fitting(text: str, codec: str) -> str:
    """The text with accents set apart where the encoding has no letter with all of them (Vietnamese in windows-1258)."""
    found = []
    for letter in text:
        try:
            letter.encode(codec)
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
            for first in (2, 1):
                letter = unicodedata.normalize("NFC", apart[:first]) + apart[first:]  # noqa: PLW2901 - until one fits
                if letter.encode(codec, "ignore").decode(codec) == letter:
                    break
        found.append(letter)
    return "".join(found)


def page_of(charset: Charset, declared: str) -> str:
    """The page, before it is encoded."""
    label = {"itself": charset.label, "nothing": ""}.get(declared, declared)
    meta = f'<meta charset="{label}">' if label else ""
    text = fitting(TEXTS[charset.language], charset.codec)
    return f"<!DOCTYPE html><html><head>{meta}<title>*</title></head><body><p>{text}</p></body></html>"


def cell(charset: Charset, declared: str) -> str:
    """What a page is read in, and how many of its characters beyond ASCII come out if not all do."""
    html = page_of(charset, declared)
    data = ("\ufeff" if charset.mark and charset.codec != "utf-8-sig" else "") + html
    text, encoding = decode(data.encode(charset.codec))
    if text == html:
        return encoding
    wanted = Counter(letter for letter in html if not letter.isascii())
    share = (wanted & Counter(text)).total() / wanted.total()
    return f"**{encoding}**: {share:.0%}"


def document() -> str:
    """The page of the manual."""
    lines = [
        "# Encodings",
        "",
        "What the bytes of a page are read in: by a byte-order mark, else by the encoding that the caller gives, else by the shape",
        "of UTF-16, else as the page declares itself, unless it is valid UTF-8 throughout or declares a UTF-8 that it is not; else",
        "by detection. A declaration is believed as browsers believe it: ISO-8859-1 means windows-1252, and a page that wrongly",
        "declares it comes out wrong there as well. Give `encoding=` where you know better.",
        "",
        "Below, a page with a short text in each encoding, declared as what it is, as UTF-8, as ISO-8859-1 and not at all. Where the",
        "name stands alone every character comes out right; where it is bold some do not, and the share of those beyond ASCII that",
        "do is told. The table is written by `make charsets`.",
        "",
        "| encoding | text | declared | declared as UTF-8 | declared as ISO-8859-1 | undeclared |",
        "|---|---|---|---|---|---|",
    ]
    for charset in CHARSETS:
        name = f"{charset.codec.removesuffix('-sig').upper()}, with a mark" if charset.mark else charset.label
        cells = " | ".join(cell(charset, declared) for declared in DECLARED)
        lines.append(f"| {name} | {charset.language} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    TABLE.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
