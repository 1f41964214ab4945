"""What people write: a few words about places, never persons."""

TEXTS: dict[str, list[str]] = {
    "damage": ["Klotter på väggen mot gatan.", "Två rutor krossade i entrén.", "Papperskorg påkörd och bränd.", "Brevlådor uppbrutna.", ""],
    "gathering": ["Större grupp, hög musik.", "Ett tjugotal samlade, lugnt men många oroliga boende.", "Samling vid bänkarna efter stängning.", "Glas och skräp kvar efteråt.", ""],
    "disorder": ["Bråk utanför, löste sig själv.", "Störande ljud till sent.", "Fyrverkerier mellan husen.", "Berusade i väntsalen.", ""],
    "drugs": ["Snabba möten vid bilarna.", "Rester i trapphuset.", "Lukt i källargången.", ""],
    "violence": ["Slagsmål, polis på plats.", "Hotfull stämning vid stängning.", "Väktare knuffad, ingen skada.", ""],
    "theft": ["Cykel stulen ur stället.", "Inbrott i förråd, lås uppbrutet.", "Snatteri, andra gången i veckan.", ""],
    "traffic": ["Hög fart fram och tillbaka.", "A-traktorer med musik till midnatt.", "Moped på gångbanan.", "Elsparkcyklar tvärs över trottoaren.", ""],
    "unsafe": ["Tre lyktstolpar släckta.", "Buskarna skymmer övergången.", "Skräp har legat en vecka.", "Trasig belysning i tunneln.", ""],
    "sleeping": ["Sovplats under trappan.", ""],
    "preparation": ["Stenar samlade bakom muren.", "Lös gatsten vid övergången.", ""],
    "rumour": ["Många frågar om helgen.", "Rykte i sociala medier om bråk på lördag.", ""],
}  # fmt: skip

INTERVENTIONS: dict[str, list[tuple[str, str, str]]] = {  # category -> (what, kind, organisation)
    "gathering": [("Väktare går {place} fredag–lördag 20–01", "guard", "Väktarna"), ("Fältgruppen vid {place} torsdag–lördag", "field", "Fältgruppen")],
    "damage": [("Sanering inom ett dygn vid {place}", "physical", "Tärnsundsbostäder"), ("Tätare tillsyn av {place}", "guard", "Väktarna")],
    "disorder": [("Polis till fots vid {place} på helgkvällar", "police", "Polisen"), ("Väktarrond förbi {place} vid stängning", "guard", "Väktarna")],
    "traffic": [("Hastighetskontroller vid {place}", "police", "Polisen"), ("Samtal med A-traktorförare vid {place}", "dialogue", "Fältgruppen")],
    "unsafe": [("Ny belysning vid {place}", "physical", "Tärnsunds kommun"), ("Röjning och städning vid {place}", "physical", "Tärnsunds kommun")],
    "drugs": [("Riktade poliskontroller vid {place}", "police", "Polisen"), ("Nytt lås och dörr vid {place}", "physical", "Tärnsundsbostäder")],
}  # fmt: skip

REASONS = {
    "continue": ["Håller, men för tidigt att säga.", "Fortsätter enligt plan.", ""],
    "expand": ["Behövs även senare på kvällen.", "Fler platser efter tips från bovärdarna."],
    "end": ["Målet är nått.", "Ingen skillnad att se, resurserna behövs på annan plats.", "Arbetet är klart."],
}
NOT_DONE = ["Sjukdom.", "Maskinen på verkstad.", "Andra uppdrag gick före."]

COMING = ["Löning på onsdag. Inget särskilt i övrigt.", "Hemmamatch på lördag, omkring 1 400 väntas.", "Skollov hela veckan.", "Marknad på Stortorget lördag.", "A-traktorträff anmäld vid Varvet."]  # fmt: skip
ROUND = ["Alla lugnt utom kring hamnen.", "Bovärdarna ser mer skräp i trapphusen.", "Skolorna lugna. Fältgruppen märker oro inför helgen.", "Inget utöver det som står i bilden."]  # fmt: skip
TOLD = [
    ("Styrgruppen", "Veckobilden i korthet.", "mail"),
    ("Butikerna vid Resecentrum", "Belysningen i gångtunneln lagas under veckan.", "notice"),
    ("Skolornas ledning", "Lugnare kring busshållplatsen efter skoldagens slut.", "phone"),
    ("Boende i Norrgården", "Fler vuxna ute på kvällarna, och vem man ringer.", "notice"),
    ("Allmänheten", "Det vi gör i Hamnen under helgerna.", "web"),
]
BROUGHT = [
    "Lugnare i trapphusen. Två lampor trasiga vid cykelstället, anmälda.",
    "Fler samlingar vid Resecentrum efter klockan 21, mest fredag.",
    "Vi har gått extra ronder vid biblioteket. Inget att anmärka på.",
    "Glas på lekplatsen städat två gånger. Papperskorgen är för liten.",
]
OWN_ITEM = "Julmarknaden: vem är på plats när"
LIMITED_ITEM = "Polisens egen planering inför helgen"
LIMITED_NOTE = "Två extra patruller fredag och lördag 21–02, synliga vid Hamnplan först kl. 22."
DIARY = "KS 2026/117"
PROPOSAL = "Större papperskorg och städning varje morgon vid lekplatsen"
MEANINGS = {
    "green": "Som det brukar. Vi fortsätter som vanligt.",
    "yellow": "Mer än vanligt eller något nytt. Vi håller ögonen på det och gör en sak.",
    "red": "Tydligt sämre, eller människor undviker platsen. Vi gör något tillsammans den här veckan.",
}
