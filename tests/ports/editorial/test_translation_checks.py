"""What a translation lost: found where something is lost, and silent where nothing is."""

import string
from typing import Any

import pytest
from django.utils import translation as active
from hypothesis import example, given
from hypothesis import strategies as st

from ports.bundled_articles import ARTICLES
from ports.editorial import article_files
from ports.editorial.markdown import PieceKind, pieces
from ports.editorial.parts import Markup, ordered_parts
from ports.editorial.translation_checks import Kind, Missing, missing, sentence
from ports.registry.records import PortRange, Status, Transport
from ports.tokens import Fact

pytestmark = pytest.mark.any_database

# A text with everything that must survive, and the same in languages that write it their own way.
SOURCE = """\
On January 26, 2004, at 14:30 UTC, 65,536 ports were scanned from [[3127]]; 1.5% answered, about
2 million packets in all.[^iana] Assignee: {assignee 3440/tcp}. Run `ss -ltn 'sport = :3440'`, see
[the page of port 443](/en/ports/443/) and <https://www.rfc-editor.org/rfc/rfc6335>. TLS 1.3 and
nmap 7.94 know it; the mask is 0x1F, the address 192.168.0.1, the 2nd byte varies."""

GOOD = {
    "ar": """\
في 26 يناير 2004، الساعة 14:30 بالتوقيت العالمي المنسق، جرى مسح ٦٥٬٥٣٦ منفذًا ابتداءً من [[3127]]؛
أجاب ١٫٥٪ منها، أي نحو 2 مليون حزمة إجمالًا.[^iana] المسجَّل له: {assignee 3440/tcp}. نفّذ
`ss -ltn 'sport = :3440'` وانظر [صفحة المنفذ 443](/ar/ports/443/) و<https://www.rfc-editor.org/rfc/rfc6335>.
يعرفه TLS 1.3 وnmap 7.94؛ القناع هو 0x1F والعنوان 192.168.0.1 ويتغير البايت الثاني.""",
    "fa": """\
در ۲۶ ژانویهٔ ۲۰۰۴ ساعت ۱۴:۳۰ به وقت UTC، تعداد ۶۵٬۵۳۶ پورت از [[3127]] پویش شد؛ ۱٫۵٪ پاسخ دادند،
در مجموع حدود ۲ میلیون بسته.[^iana] صاحب ثبت: {assignee 3440/tcp}. فرمان
`ss -ltn 'sport = :3440'` را اجرا کنید و [صفحهٔ پورت ۴۴۳](/fa/ports/443/) و
<https://www.rfc-editor.org/rfc/rfc6335> را ببینید. TLS ۱٫۳ و nmap 7.94 آن را می‌شناسند؛ نقاب 0x1F
و نشانی 192.168.0.1 است و بایت دوم تغییر می‌کند.""",
    "hi": """\
26 जनवरी 2004 को 14:30 UTC पर [[3127]] से 65,536 पोर्ट स्कैन किए गए; 1.5% ने उत्तर दिया, कुल लगभग
20 लाख पैकेट।[^iana] पंजीकरणकर्ता: {assignee 3440/tcp}। `ss -ltn 'sport = :3440'` चलाएँ,
[पोर्ट ४४३ का पृष्ठ](/hi/ports/443/) और <https://www.rfc-editor.org/rfc/rfc6335> देखें। TLS 1.3 और
nmap 7.94 इसे जानते हैं; मास्क 0x1f है, पता 192.168.0.1 है, दूसरा बाइट बदलता है।""",
    "bn": """\
২৬ জানুয়ারি ২০০৪ তারিখে ১৪:৩০ UTC-তে [[3127]] থেকে ৬৫,৫৩৬টি পোর্ট স্ক্যান করা হয়; ১.৫% সাড়া দেয়,
মোট প্রায় ২০ লাখ প্যাকেট।[^iana] নিবন্ধনকারী: {assignee 3440/tcp}। `ss -ltn 'sport = :3440'` চালান,
[৪৪৩ পোর্টের পাতা](/bn/ports/443/) ও <https://www.rfc-editor.org/rfc/rfc6335> দেখুন। TLS ১.৩ ও
nmap ৭.৯৪ এটি চেনে; মাস্ক 0x1F, ঠিকানা 192.168.0.1, দ্বিতীয় বাইট বদলায়।""",
    "th": """\
เมื่อวันที่ 26 มกราคม 2004 เวลา 14.30 น. UTC มีการสแกน 65,536 พอร์ตจาก [[3127]] และมี 1.5% ที่ตอบ
รวมประมาณ 2 ล้านแพ็กเก็ต[^iana] ผู้จดทะเบียน: {assignee 3440/tcp} ให้เรียก `ss -ltn 'sport = :3440'`
ดู[หน้าของพอร์ต 443](/th/ports/443/) และ <https://www.rfc-editor.org/rfc/rfc6335> ด้วย TLS 1.3 และ
nmap 7.94 รู้จัก มาสก์คือ 0x1F ที่อยู่คือ 192.168.0.1 และไบต์ที่สองเปลี่ยนไป""",
    "ja": """\
2004年1月26日14時30分（UTC）、[[3127]] から6万5536個のポートがスキャンされ、1.5%が応答し、
パケットは全部で約200万個でした。[^iana] 登録者：{assignee 3440/tcp}。
`ss -ltn 'sport = :3440'` を実行し、
[ポート443のページ](/ja/ports/443/)と <https://www.rfc-editor.org/rfc/rfc6335> を参照してください。
TLS 1.3 と nmap 7.94 はこれを認識します。
マスクは 0x1F、アドレスは 192.168.0.1 で、2番目のバイトは変わります。""",
    "de": """\
Am 26. Januar 2004 um 14.30 Uhr UTC wurden 65.536 Ports ab [[3127]] gescannt; 1,5 % antworteten,
insgesamt rund 2 Millionen Pakete.[^iana] Inhaber: {assignee 3440/tcp}. Rufen Sie
`ss -ltn 'sport = :3440'` auf, siehe [die Seite von Port 443](/de/ports/443/) und
<https://www.rfc-editor.org/rfc/rfc6335>. TLS 1.3 und nmap 7.94 kennen ihn; die Maske ist 0x1F, die
Adresse 192.168.0.1, das zweite Byte wechselt.""",
    "fr": """\
Le 26 janvier 2004 à 14 h 30 UTC, 65\u202f536 ports ont été scannés à partir de [[3127]] ; 1,5 % ont
répondu, soit environ 2 millions de paquets.[^iana] Titulaire : {assignee 3440/tcp}. Lancez
`ss -ltn 'sport = :3440'`, voyez [la page du port 443](/fr/ports/443/) et
<https://www.rfc-editor.org/rfc/rfc6335>. TLS 1.3 et nmap 7.94 le connaissent ; le masque est 0x1F,
l’adresse 192.168.0.1, le deuxième octet varie.""",
    "ru": """\
26 января 2004 года в 14:30 UTC было просканировано 65 536 портов начиная с [[3127]];
ответили 1,5 %, всего около 2 миллионов пакетов.[^iana] Владелец регистрации:
{assignee 3440/tcp}. Выполните `ss -ltn 'sport = :3440'`, см. [страницу порта 443](/ru/ports/443/) и
<https://www.rfc-editor.org/rfc/rfc6335>. Его знают TLS 1.3 и nmap 7.94; маска — 0x1F, адрес —
192.168.0.1, второй байт меняется.""",
}


def lost(source: str, translation: str, markup: Markup = Markup.BLOCK) -> list[tuple[str, str]]:
    return [(each.kind.value, each.text) for each in missing(source, translation, markup)]


@pytest.mark.parametrize("code", GOOD)
def test_a_good_translation_lacks_nothing(code: str) -> None:
    assert lost(SOURCE, GOOD[code]) == []


@pytest.mark.parametrize("code", GOOD)
@pytest.mark.parametrize(
    ("kind", "text", "elsewhere"),
    [
        ("token", "[[3127]]", ()),
        ("token", "{assignee 3440/tcp}", ()),
        ("footnote", "[^iana]", ()),
        ("code", "ss -ltn 'sport = :3440'", ()),
        ("link", "/en/ports/443/", ("/{code}/ports/443/",)),
        ("link", "https://www.rfc-editor.org/rfc/rfc6335", ()),
        ("number", "65,536", ("65.536", "65\u202f536", "65 536", "٦٥٬٥٣٦", "۶۵٬۵۳۶", "৬৫,৫৩৬",
                              "6万5536")),
        ("number", "2004", ("۲۰۰۴", "২০০৪")),
        ("number", "7.94", ("৭.৯৪",)),
        ("number", "0x1F", ("0x1f",)),
        ("number", "192.168.0.1", ()),
    ],
)  # fmt: skip
def test_what_a_translation_loses_is_named(
    code: str, kind: str, text: str, elsewhere: tuple[str, ...]
) -> None:
    forms = (text, *(each.format(code=code) for each in elsewhere))
    translation = GOOD[code]
    for form in forms:
        translation = translation.replace(form, "…")
    assert translation != GOOD[code]
    assert lost(SOURCE, translation) == [(kind, text)]


def test_the_bundled_translations_lack_nothing() -> None:
    compared = []
    for path in sorted(ARTICLES.rglob("*.md")):
        source = article_files.load((path.parent / "en.md").read_text(encoding="utf-8"))
        translation = article_files.load(path.read_text(encoding="utf-8"))
        for kind, part in ordered_parts(source.kind, source.structure or {}):
            for field, markup in kind.texts.items():
                english = source.texts.get(part["uuid"], {}).get(field, "")
                text = translation.texts.get(part["uuid"], {}).get(field, "")
                if english and text:
                    compared.append((path.name, field, lost(english, text, markup)))
    assert len(compared) > 100
    assert [each for each in compared if each[2]] == []


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        # Numbers that are others, however alike they look.
        ("65,536", "65.535", ["65,536"]),
        ("port 443", "Port 4433", ["443"]),
        ("TLS 1.3", "TLS 1.2 und 13", ["1.3"]),
        ("1.5", "15", ["1.5"]),
        ("0x1F", "0x2F und 1F", ["0x1F"]),
        ("14:30", "14 Uhr", ["14:30"]),
        ("2 million", "20 Millionen", ["2"]),
        ("2004-01-26", "26. Januar 2005", ["2004-01-26"]),
        ("ports 0 to 1023", "Ports von 0 an", ["1023"]),
        # Numbers that are the same.
        ("5:30 PM", "17.30 Uhr", []),
        ("09:00", "9 Uhr", []),
        ("2004-01-26", "am 26. Januar 2004", []),
        ("2004-01", "Januar 2004", []),
        ("100,000 hosts", "1,00,000 होस्ट", []),
        ("1,234.5", "1.234,5", []),
        ("65,536", "65’536", []),
        ("50 thousand", "5万", []),
        ("65,000", "6.5万", []),
        ("3 billion", "30億", []),
        ("ports 80, 443", "Ports 80 443", []),
        ("the 1st and the 20th", "der erste, und das zwanzigste", []),
        ("**1**0", "10", []),
        ("SMB 1", "SMB**1**", []),
        ("port 443", "Port `443`", []),
        # A list counts for itself, so that a number which became the mark of a list is found.
        ("1. one\n2. two", "- eins\n- zwei", []),
        ("Section 8 says", "8. bölüm", ["8"]),
        ("Section 8 says", "8\\. bölüm", []),
    ],
)
def test_numbers_however_they_are_written(
    source: str, translation: str, expected: list[str]
) -> None:
    assert lost(source, translation) == [("number", each) for each in expected]


@pytest.mark.parametrize(
    ("source", "translation", "expected"),
    [
        ("{assignee 80/tcp http}", "{assignee 80/tcp}", [("token", "{assignee 80/tcp http}")]),
        ("{service  80/tcp}", "{service 80/tcp}", []),
        ("[[80]] and [[80]]", "[[80]]", []),
        ("[[80/tcp]]", "[[80]]", [("token", "[[80/tcp]]")]),
        ("`{status 80/tcp}`", "{status 80/tcp}", [("code", "{status 80/tcp}")]),
        ("    ss -l\n    ss -n\n", "    ss -l\n", [("code", "ss -l\nss -n")]),
        ("```\nss -l\n```", "```sh\nss -l\n```", []),
        ("[a](https://a.example/1)", "[a](https://a.example/2)", [("link", "https://a.example/1")]),
        ("[a](/en/changes/)", "[a](/pt-br/changes/)", []),
        ("[a](/en/changes/)", "[a](/enigma/changes/)", [("link", "/en/changes/")]),
        ("[a](/en/)", "[a](/tr/ports/)", [("link", "/en/")]),
        # What stands inside of tokens, links and code is no number of the text.
        ("[a](https://a.example/1234)", "<https://a.example/1234>", []),
        ("{service 80/tcp}", "80", [("token", "{service 80/tcp}")]),
        ("a[^x]", "a", [("footnote", "[^x]")]),
        # A fault is told by another check; here it is text.
        ("{nonsense}", "Unsinn", []),
    ],
)  # fmt: skip
def test_what_is_no_prose(source: str, translation: str, expected: list[tuple[str, str]]) -> None:
    assert lost(source, translation) == expected


def test_a_text_of_one_line_is_read_as_one() -> None:
    assert lost("1. {service 80/tcp}", "1", Markup.INLINE) == [("token", "{service 80/tcp}")]
    assert lost("8. bölüm", "8", Markup.INLINE) == []


def test_each_thing_is_named_once() -> None:
    assert lost("`a` 5 `a` 5", "") == [("code", "a"), ("number", "5")]


@pytest.mark.parametrize("kind", Kind)
def test_the_sentence_names_what_is_missing_in_the_language_of_the_reader(kind: Kind) -> None:
    with active.override("en"):
        said = sentence(Missing(kind, "443"))
    assert "443" in said
    assert said.startswith("The translation lacks")


def test_the_sentence_about_a_long_command_is_short() -> None:
    with active.override("en"):
        said = sentence(Missing(Kind.CODE, "ss -ltn\n" + "x" * 1000))
    assert "ss -ltn…" in said
    assert len(said) < 200


_TOKENS = st.one_of(
    st.builds(
        "{{{} {}/{}}}".format,
        st.sampled_from(Fact),
        st.integers(0, 65535),
        st.sampled_from(Transport),
    ),
    st.builds("{{count {} {}}}".format, st.sampled_from(Status), st.sampled_from(PortRange)),
    st.builds("[[{}]]".format, st.integers(0, 65535)),
)
_WORDS = st.text(string.ascii_letters + " 0123456789.,:%-äπжابن日本語中ก😀", max_size=20)
_SOURCES = st.lists(st.one_of(_TOKENS, _WORDS, st.sampled_from(["[^iana]", "`ss -l`", "\n\n"])))


@given(
    text=st.one_of(st.text(max_size=200), _SOURCES.map(" ".join)), markup=st.sampled_from(Markup)
)
@example(text=SOURCE, markup=Markup.BLOCK)
@example(text="2 million 0x1 1:2 ²", markup=Markup.BLOCK)
def test_a_text_lacks_nothing_of_itself(text: str, markup: Markup) -> None:
    assert lost(text, text, markup) == []


@given(data=st.data(), found=st.lists(_TOKENS, min_size=1, max_size=6, unique=True))
def test_the_loss_of_any_one_token_is_found(data: Any, found: list[str]) -> None:
    gone = data.draw(st.sampled_from(found))
    words = data.draw(st.lists(_WORDS, min_size=len(found), max_size=len(found)))

    def text(tokens: list[str]) -> str:
        return "\n".join(f"x {word} {token}" for word, token in zip(words, tokens, strict=True))

    without = text([token if token != gone else "" for token in found])
    assert ("token", gone) in lost(text(found), without)


@given(st.text(max_size=200))
def test_every_piece_of_a_text_is_of_a_known_kind(text: str) -> None:
    assert {piece.kind for piece in pieces(text)} <= set(PieceKind)
