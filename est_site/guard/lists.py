"""The words the guard knows. Public lists of ordinary words; nobody in particular stands here."""

from __future__ import annotations


def _set(words: str) -> set[str]:
    return set(words.split())


def _says(**labels: str) -> dict[str, str]:
    return {word: label for label, words in labels.items() for word in words.split()}


# What a word says about a number after it.
SAYS = _says(
    born="född födda född. pnr persnr personnr personnummer personnumret persnummer födelsenummer födelsedatum samordningsnummer "
    "samordningsnumret samordningsnr födelsetid born ssn",
    phone="tel tfn tele telefon telefonen telefonnr telefonnummer telefonnumret telnr mobil mobilen mobilnr mobilnummer mobilnumret ring "
    "ringa ringer ringde nås sms smsa phone mob",
    account="konto kontot kontonr kontonummer kontonumret bankkonto clearing clearingnr clearingnummer swish swisha swishade swishnummer "
    "bankgiro bankgironr bankgirot bg plusgiro plusgirot postgiro pg iban ocr kortnummer account",
    reference="dnr diarienr diarienummer diarienumret ärende ärendenr ärendenummer ärendenumret faktura fakturan fakturanr fakturanummer "
    "fakturanumret order ordernr ordernummer kundnr kundnummer artikel artikelnr artikelnummer serienummer serienr ref referens "
    "referensnummer referensnr orgnr organisationsnummer organisationsnumret org kvitto kvittonr id objekt objektnr objektnummer felanmälan "
    "felanmälningsnr knummer projekt projektnr projektnummer streckkod ean beställning beställningsnummer avtal avtalsnr avtalsnummer "
    "fastighetsnummer anläggningsnummer inventarienummer larmnummer objektsnummer mätare mätarnummer invoice case",
    last_four="sista fyra siffror siffrorna",
    vehicle="reg regnr regnummer regnumret registreringsnummer registreringsnumret registreringsskylt skylt skylten skyltar bil bilen bilar "
    "personbil skåpbil lastbil buss bussen moped mopeden epa atraktor traktor traktorn mc motorcykel släp släpvagn volvo saab audi bmw "
    "mercedes toyota ford opel kia skoda tesla peugeot renault seat nissan mazda fordon fordonet car parkerad mopedbil plåt registrerad",
)

# What the word begins.
DOES = _says(
    name="heter hette kallas kallad kallades familjen herr fru fröken named called smeknamn smeknamnet alias namn",
    child="son sonen dotter dottern bror brodern syster system systern mamman pappan mamma pappa barn barnet kompis kompisen daughter",
    named="namnet kallar kallade name",
    flat="lgh lghnr lägenhet lägenheten lägenhets lägenhetsnummer lägenhetsnr lghnummer läg apartment apt flat",
    stairs="tr trappor trappa",
    floor="våning vån plan",
    door="dörr dörren dörrnr",
    network="insta instagram ig snap snapchat tiktok facebook fb telegram discord kik twitter whatsapp messenger youtube",
    short_number="p pers person",
)

NO_HANDLE = _set("och eller samt igår idag http https www konto kontot som men för att det den")

PLACE_ENDS = tuple(
    _set(
        "gatan gata vägen väg torget torg parken park platsen plats gränd gränden backen allén allé stigen leden "
        "kajen bron skolan skola hallen huset gården gård hamnen stranden viken udden berget kullen dalen ängen "
        "lunden skogen centrum stationen station kyrkan kyrka köping stad staden kommun polisen bostäder "
        "fastigheter hotell hotel krog pizzeria grill kiosk kiosken livs restaurang caféet café macken rondellen "
        "korset området bostad idrottsplats arena gallerian muséet museet biblioteket gymnasiet gymnasium förskola "
        "förskolan badet plan planen tunneln ab kvarteret brygga bryggan fältet garage garaget terminalen län "
        "region regionen tunnel norra södra östra västra medborgarhus folkets bro"
    )
)
PLACE_FIRST = _set(
    "Stora Lilla Södra Norra Östra Västra Gamla Nya Övre Nedre Inre Yttre Sankt Kungliga Svenska Röda Gröna Vita Svarta Blå Höga Långa Nordiska "
    "Grand Hotel Hotell Brf Café Pizzeria Restaurang Kvarteret Område Polisen Kommunen Region Coop Ica Hemköp Willys Lidl Parkering "
    "Kungsgatan Vid Från Till På Hos Mellan Enligt Igår Idag Under Efter Före Nära Mot Utanför Bakom Framför Måndag Tisdag Onsdag Torsdag "
    "Fredag Lördag Söndag Januari Februari Mars April Maj Juni Juli Augusti September Oktober November December"
)
PLACE_AFTER = _set(
    "gata gatan väg vägen plats torg park parken allé backe gränd stig led kaj skola minne stiftelse trappor hus hage"
)
DAYS = _set(
    "måndag tisdag onsdag torsdag fredag lördag söndag januari februari mars april maj juni juli augusti september oktober november "
    "december nord syd väst öst centrum c city"
)
FIRST_NAMES = _set(
    "Anna Eva Maria Karin Sara Kristina Christina Lena Emma Kerstin Marie Malin Jenny Ingrid Hanna Linda Birgitta Annika Susanne Elin Monica "
    "Monika Jessica Inger Sofia Sofie Julia Ulla Carina Carin Helena Ida Johanna Linnea Amanda Elisabeth Camilla Åsa Anita Therese Ellen Agneta "
    "Margareta Alice Anette Barbro Frida Gunilla Ebba Klara Maja Alma Astrid Stina Wilma Vilma Ella Lisa Petra Pia Ann Anne Sandra Elsa Olivia "
    "Nora Saga Agnes Freja Selma Rut Siv Britt Berit Gun Moa Tove Tilda Nathalie Felicia Rebecca Cecilia Caroline Charlotte Ulrika Katarina "
    "Lars Mikael Anders Johan Erik Per Karl Carl Peter Thomas Tomas Jan Daniel Fredrik Hans Andreas Mohamed Mohammed Muhammad Stefan Mats Bengt "
    "Marcus Markus Magnus Bo Mattias Oscar Oskar Jonas Alexander Niklas Nils Leif Martin Björn Ulf Patrik Viktor Victor Christer Filip David "
    "Joakim Henrik Simon Christian Kristian Sven Anton Robin William Tommy Rickard Richard Robert Linus Göran Emil Jakob Jacob Kjell Håkan "
    "Elias Rolf Sebastian Adam Lucas Lukas Hugo Roger Isak Ahmed Ahmad Ali Hassan Hussein Omar Ibrahim Yusuf Abdi Abdullah Mustafa Mehmet "
    "Fatima Amina Aisha Zahra Leila Layla Samira Maryam Yasmin Noor Hamza Bilal Khaled Khalid Samir Karim Jamal Amir Reza Ivan Dragan Goran "
    "Zoran Milan Pawel Piotr Igor Olga Natalia Dimitri John James Kevin Liam Noah Leo Axel Gustav Gustaf Albin Ludvig Edvin Theo Max Melker "
    "Vincent Malte Olle Kalle Pelle Nisse Lasse Bosse Kenta Conny Ronny Jimmy Johnny Kent Kenneth Dennis Tobias Pontus Jesper Kim Jens Rasmus "
    "Sixten Ture Arne Gösta Stig Sture Åke Gunnar Ove Torbjörn Torsten Ragnar Bertil Börje Lennart Ingemar Inge Tolvan Beatrice Isabelle"
)
SURNAMES = tuple(_set("sson ström qvist kvist gren stedt blom crantz strand löf mark lind lund"))
SURNAMES_WHOLE = _set(
    "Berg Bergman Lindberg Lundberg Forsberg Sandberg Nyberg Hedberg Söderberg Holmberg Åberg Öberg Björk Ek Dahl Holm Lindgren Sjöberg "
    "Ali Hassan Mohamed Ahmed Nguyen Hussein Ibrahim Khan Wallin Hedman Norberg Engberg Lindahl Ekdahl Falk Nordin Lundin Norén Wikman "
    "Öman Sundin Bergdahl Winberg Tolvansson"
)

_SENSITIVE = (
    # health
    "schizofren psykotisk psykisk autis adhd missbrukare alkoholist alkoholis narkoman heroinist pundare knarkare knarkar depression "
    "deprimera dement demens gravid diabet handikapp funktionsnedsätt funktionshind självmord suicid hivsmitt hivpositiv sjukskriv diagnos "
    "epilep cancersjuk läkemedelsberoende drogberoende spelberoende bipolär psykos rullstolsburen blindhet utvecklingsstör "
    # origin
    "romer romerna romsk zigenar somali arab syrier syrisk afghan kurder kurdisk kurden turkar turkisk irakier irakisk iransk iranier polack "
    "rumän bulgar invandrar utländsk mörkhyad ljushyad afrikan asiat eritrea etiopi albansk albaner serbisk bosnisk tjetjen pakistan indier "
    "balter litau nysvensk flykting asylsök samer samisk etnisk etnicitet "
    # faith
    "muslim islam islamis kristen kristna jude judar judisk juden hindu buddis katolik jehovas sikh ortodox troende frikyrklig "
    # opinions, unions, private life
    "socialdemokrat sverigedemokrat sossar moderaterna moderaten moderatpol vänsterpartist vänsterpartiet miljöpartist miljöpartiet "
    "kristdemokrat centerpartist centerpartiet liberalerna nazist nynazist kommunist fackligt homosexuell lesbisk bögar bisexuell "
    "transperson partimedlem extremist"
)  # fmt: skip
NOT_SENSITIVE = _set("arabica islamabad islamgatan diagnostik diagnosticera arabesk")


def _by_beginning() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in sorted(_set(_SENSITIVE)):
        found[word[:4]] = (*found.get(word[:4], ()), word)
    return found


SENSITIVE = _by_beginning()

# Three letters that are a word or an abbreviation, and so no plate unless a vehicle is spoken of.
NO_PLATE = _set(
    "att och men den det dem dom som han hon hen man oss ert ett tre sex fem fyr ton tum tog tar tal tak tag gör går gav ger fot fyl får sen "
    "hus rum sal kök dal led lag las mot med mer men mel ner när och her hos hur har hat haj han hem hel kan ska kom kör kap kal kat klo kod "
    "kol kub kul kur kut lab lgh loc log los lur lux mac max mil min mod mål mån nat nej nog nor not nyp nya nytt och ode ofta ola old ort osv "
    "par pga per pkt plo pnr pol pub rad ram ren res ron rop rot rum run sal sam sav sek sen ser set sex sju ska sms sol som son sov spa spe "
    "sta ste str sur sum syd syn tak tal tan tel ten tex tid tio tom top tom tre tro tur typ tyg två und ung upp uta utc utc ute ytt "
    "alf all and ann ans app apr ark arm art aug bad bag ban bar bas bed ber bes bet bil bok bor bot box boy brf bro bud bus bur byn byt "
    "cad cal cat cet chf com csv cup cut dag dan dar dec del des dna dnr dog dok dos drog dur dyr ean eft egen ekt ell els ena eng epa ers est "
    "eur usd gbp dkk nok sek extra fan far fas fat fax feb fel fest fet fika fom for fos fps fri frk fru fullt fyr for gas gat gem get gps gpu "
    "grb grp grå gul gym had hal ham han hav hej hit hop hot hov ref ger ggr gmt god gud jag jan jul jun jobb kam kar kas kg lan lat lax "
    "led ler les let log lok lon lyx mkt mms mor mus myr nad nar nod nov nya nyp odd okt ord osl oss out pal pan par pass pdf peg pen pin plan "
    "pot pro put rak ras rea red reg rem rep rod ros rör sas sfs skr skt sku sms snö soc son sos spå ssn stn sub sun tab tar tax tdb tee tjo "
    "tor tot tri trp tvs två tys udd uff umg url usa usb usk utb utg uto ute ved vad var vem vet vid year yrk yta zon zoo aff fem nmr mrs mr "
    "led lsa lss lul hsb hyr kbl kva bup lpo lar roa klo kla ett hög lån kup mat mjk pol dör bon bom bol bok ask ben ber bud sak han gap hal "
    "eko kus mån nor der des abs psa fau kra etc ens ond ona tills end for the was one two six ten top car bus day and from per sat sun mon tue "
    "wed thu fri got saw out ran new old men her his she but not all any due few log per lot low gap had has map ago are see cet est utc gdpr "
    "sda kor dom rop tor ort mål lag lek les mur mus nat kap kal led ser per hal tak"
)
NEVER_PLATE = _set("och att den det ett som han hon men med mot per kan har när tel sos max est kap dnr lgh brf")
