"""Sentences as caretakers, guards and police write them: with something that belongs to a person, and without.

The identity numbers are among Skatteverket's published test numbers (1890, 1912; coordination 1914). Telephones are of the series set aside for books and films.
"""

from __future__ import annotations

from itertools import product

# --- with something ---------------------------------------------------------------------------------

NUMBERS = [
    "19121212-1212", "191212121212", "121212-1212", "1212121212", "121212+1212", "19121212 1212", "121212 1212",
    "12 12 12 12 12", "12 12 12-12 12", "1912-12-12-1212", "1912 12 12 1212", "19 12 12 12-12 12", "1912.12.12-1212",
    "12.12.12.1212", "12-12-12-1212", "121212–1212", "121212—1212", "121212−1212", "121212‒1212", "121212 - 1212",
    "121212\u00a01212", "１９１２１２１２-１２１２", "１２１２１２１２１２", "121212\u200b-1212", "1\u200b2\u200b1\u200b2121212", "121212-\n1212",
    "1912\n12121212", "121212\r\n-1212", "19121212\n1212", "121212-12\n12", "12121\n21212", "121212/1212", "121212_1212",
    "1 9 1 2 1 2 1 2 1 2 1 2", "18900101-9802", "189001019802", "900101+9802", "18900101 9802", "1890-01-01 9802",
    "19140168-2396", "191401682396", "140168-2396", "1401682396", "14 01 68 23 96", "140168–2396", "1914 0168 2396",
]  # fmt: skip
NUMBER_FRAMES = [
    "Han uppgav {} innan han gick därifrån.",
    "Polisen noterade pnr {}, se anmälan.",
    "Skadegörelse vid kiosken.\nMisstänkt: {}\nVäktare på plats 23.15.",
]
PHONES = [
    "070-174 06 05", "0701740605", "070 174 06 05", "070.174.06.05", "070-1740605", "+46 70 174 06 05", "+46701740605",
    "+46 (0)70-174 06 05", "0046 70 174 06 05", "０７０-１７４ ０６ ０５", "070–174 06 05", "070-174\n06 05", "070-17 40 605",
    "08-465 004 02", "08-46 50 04 02", "0846500402", "031-390 06 05", "031 390 06 05", "+46-31-390 06 05",
    "040-628 04 25", "(031) 390 06 05", "070-174 06 06",
]  # fmt: skip
PHONE_FRAMES = ["Ring {} när ni är på plats.", "Fältarna når mamman på {} efter kl. 17."]
OTHERS: list[tuple[str, list[str], list[str]]] = [
    (
        "email",
        [
            "anna.k@post.example",
            "A_K99@mejl.exempel.se",
            "kalle+est@post.example.org",
            "kalle.k (at) post.example",
            "åsa@exempel.se",
        ],
        ["Mejla {} om filmen.", "Vittnet finns på {}.", "Hör av er till <{}> i veckan."],
    ),
    (
        "plate",
        [
            "ABC 123",
            "ABC123",
            "abc123",
            "ABC 12D",
            "abc 12d",
            "ABC-123",
            "MLB 84A",
            "ＡＢＣ 123",
            "GHJ\u00a0456",
            "xrt 482",
        ],
        ["En grå Volvo, {}, körde över gräset.", "Reg.nr {} stod på gångbanan.", "Bilen med skylten {} kom tillbaka."],
    ),
    (
        "account",
        ["8327-9, 123 456 789-0", "8327-9123456789", "5051 12 345 67"],
        ["Pengarna skulle till konto {}.", "Clearingnr och kontonummer: {}"],
    ),
    ("account", ["123 456 78 90", "1234567890"], ["De säljer och tar Swish {}.", "Swisha {} stod det på lappen."]),
    ("account", ["123-4567", "5012-3456"], ["Lappen angav bankgiro {}.", "Bg {} stod på fakturan."]),
    (
        "apartment",
        [
            "lgh 1203",
            "lgh. 1203",
            "Lgh nr 1203",
            "lägenhet 1203",
            "lägenhet nr 12",
            "3 tr",
            "3tr",
            "tre trappor upp",
            "våning 3, dörr 2",
        ],
        ["Störande musik från {} varje kväll.", "Det gäller {} i uppgång B.", "Fönstret på {} stod öppet."],
    ),
    (
        "handle",
        ["@kalle_99", "@anna.k"],
        ["Filmen lades ut av {}.", "Kontot {} hotar skolan.", "Se {} på nätet."],
    ),
    (
        "handle",
        ["insta: kalle_k", "snapchat anna_07", "Instagram: annak", "tiktok.com/@kalle99"],
        ["Hen heter {} där.", "Se {}"],
    ),
    (
        "personnummer",
        [
            "född 121212",
            "född 1912-12-12",
            "pnr 121212",
            "pnr: 121212-12",
            "p-nr 121212",
            "personnummer 121212-xxxx",
            "f. d. född 12 12 12",
        ],
        ["Killen är {} enligt vakten.", "Anteckning: {}."],
    ),
    (
        "name",
        ["heter Kalle", "kallas Nisse", "sonen till Anna", "dotter till Erik", "vid namn Sven"],
        ["Han {} enligt grannen."],
    ),
    (
        "name",
        ["Anna Karlsson", "Erik Lindberg", "Mohamed Ali", "Anna-Karin Nilsson"],
        ["Det var {} som ringde.", "Igår såg {} allt."],
    ),
    (
        "sensitive",
        ["psykiskt sjuk", "muslim", "somalisk", "sverigedemokrat", "alkoholist", "romer"],
        ["Flera säger att det är en {} bakom."],
    ),
]


def with_number() -> list[tuple[str, int, int]]:
    """A sentence, and from where to where its number stands."""
    found = []
    for frame, number in product(NUMBER_FRAMES, NUMBERS):
        start = frame.index("{}")
        found.append((frame.format(number), start, start + len(number)))
    return found


def with_other() -> list[tuple[str, str]]:
    """A sentence and the kind it holds."""
    phones = [(frame.format(phone), "phone") for frame, phone in product(PHONE_FRAMES, PHONES)]
    rest = [(frame.format(what), kind) for kind, each, frames in OTHERS for frame, what in product(frames, each)]
    return phones + rest


# --- without anything that may stop ------------------------------------------------------------------

_REFERENCES = [
    "KS 2026/0123", "dnr 2026-123456", "dnr KS 2026-001234", "diarienummer 2026/1212-12", "OCR 1212121212", "OCR-nummer 191212121212",
    "OCR 12121212128", "K-nummer 5000-K12345-26", "5000-K121212-26", "ärendenummer 1212121212", "fakturanr 1212121212", "faktura 20261122",
    "fakturanummer 121212", "org.nr 556012-5790", "organisationsnummer 5560125790", "org nr 16556012-5790", "212000-0142", "802002-4280",
    "ordernr 1212121212", "artikelnummer 121212-12", "kundnummer 191212121212", "felanmälan 1212121212", "streckkod 7310865004703",
]  # fmt: skip
_REFERENCE_FRAMES = ["Se {} för mer.", "Kommunen svarade i {}.", "Anmält, {}.", "Underlag: {} (bifogas inte)."]
_TIMES = [
    "2026-11-22", "20261122", "22/11 2026", "22.11.2026", "2026-11-22 22:15", "2026-11-22T22:15:00Z", "2026-11-22T22:15+01:00", "20261122 2215",
    "202611222215", "kl. 22.15", "kl 2215", "mellan 22.15 och 23.40", "08.00-17.00", "kl 0700-1530", "07:30–16:00", "v. 47 2026", "2026-W47",
    "den 12 december 1912", "2012-12-12", "12/12 kl 12.12", "1/11–7/11", "november 2026",
]  # fmt: skip
_TIME_FRAMES = [
    "Det hände {} vid busshållplatsen.",
    "Belysningen släcktes {} enligt schemat.",
    "Mötet var {}, alla kom.",
]
_PRICES = [
    "12 500 kr", "1 250 000 kronor", "125 000:-", "12,50 kr", "99,90", "1.250.000 kr", "121212 kr", "1 212 121 212 kr", "250 st", "12 %",
    "300 meter", "45 dB", "10 000 besökare", "3 500 watt",
]  # fmt: skip
_PRICE_FRAMES = ["Skadan kostar {} att laga.", "Räknat till {} den här veckan."]
_PLACES = [
    "Storgatan 12", "Södra Stationsgatan 121", "Stora Torget", "Karl Johansgatan 12 B", "Anders Carlssons gata 4", "Olof Palmes plats", "hus 123",
    "Rum 204", "buss 123", "kvarteret Eken 12", "Fastigheten Tärnsund 1:12", "Gamla Torget 3", "Östra Hamngatan 41-43", "451 50 Uddevalla",
    "väg 161", "E6:an", "linje 14", "parkeringshuset plan 3", "skolan hus 200", "port 12", "Box 1234", "Nya Lödöse", "IKEA 123", "Västra Götaland",
    "trapphuset i uppgång C", "tvättstugan på plan 2", "Brf Utsikten", "rutnät 6450-320", "zon 112",
]  # fmt: skip
_PLACE_FRAMES = ["Klotter vid {} igen.", "Glas på marken utanför {}.", "Ungdomar samlades kring {} sent."]
_PLAIN = [
    "Ring 112 om det händer nu.", "Tips lämnas på 114 14 till polisen.", "Sjukvården nås på 1177.", "Anmält till 114 14, 112 behövdes inte.",
    "Det gick att se 3 trappor som behöver saltas.", "Filmen spreds på Snapchat igår.", "Insta och TikTok användes för att samla folk.",
    "Fem lägenheter har haft inbrott i källaren.", "Lägenhetsinbrott i området ökar.", "Dörren till källaren var uppbruten.",
    "Kontot för skadegörelse är tomt.", "Hundra personer och tre bilar.", "Cirka 150 ungdomar, max 200.", "Polisen gav 12 böter för moped.",
    "Sprayat 'ACAB' och '1312' på muren.", "IP 192.168.10.12 syns i larmet.", "Koordinat 58.3498, 11.9381.", "Larm nr 4711 gick 03.12.",
    "Version 12.12.12 av listan gäller.", "Hålet är 12x12 cm.", "Matchen slutade 3-1 inför 1212 åskådare.", "ISO 9001 och SFS 2023:196.",
]  # fmt: skip


def without() -> list[str]:
    """Nothing here may stop anybody; some of it may be asked about."""
    found = list(_PLAIN)
    for frames, each in (
        (_REFERENCE_FRAMES, _REFERENCES),
        (_TIME_FRAMES, _TIMES),
        (_PRICE_FRAMES, _PRICES),
        (_PLACE_FRAMES, _PLACES),
    ):
        found += [frame.format(what) for frame, what in product(frames, each)]
    return found
