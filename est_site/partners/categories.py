"""The tree of categories a new group starts with. The coordinator may rename, add, reorder and retire."""

from __future__ import annotations

from dataclasses import dataclass

from est_site.partners.models import Category, CategoryKind, Group


@dataclass(frozen=True)
class Branch:
    """One category of the tree: stable code, both names, and what lies under it."""

    code: str
    sv: str
    en: str
    icon: str = ""
    kind: str = CategoryKind.EVENT
    under: tuple[Branch, ...] = ()


DEFAULT_TREE = (
    Branch(
        "damage",
        "Skadegörelse och klotter",
        "Damage and graffiti",
        "spray",
        under=(
            Branch("graffiti", "Klotter", "Graffiti"),
            Branch("broken-glass", "Glaskross", "Broken glass"),
            Branch("fire", "Anlagd brand", "Fire set on purpose", "flame"),
            Branch("vehicle-damage", "Skada på fordon", "Damage to a vehicle"),
            Branch("other-damage", "Annan skadegörelse", "Other damage"),
        ),
    ),
    Branch(
        "gathering",
        "Samling av personer",
        "Gathering of people",
        "group",
        under=(
            Branch("gathering-indoors", "Trapphus, källare eller garage", "Stairwell, cellar or garage"),
            Branch("gathering-outdoors", "Utomhus", "Outdoors"),
            Branch("gathering-centre", "Centrum", "Shopping centre"),
        ),
    ),
    Branch(
        "disorder",
        "Ordningsstörning",
        "Disorder",
        "noise",
        under=(
            Branch("fight", "Bråk", "Quarrel or fight"),
            Branch("noise", "Störande ljud", "Disturbing noise"),
            Branch("drunkenness", "Berusade", "Drunkenness"),
            Branch("fireworks", "Fyrverkerier", "Fireworks"),
        ),
    ),
    Branch(
        "drugs",
        "Narkotika",
        "Drugs",
        "capsule",
        under=(
            Branch("drug-dealing", "Misstänkt försäljning", "Suspected dealing"),
            Branch("drug-use", "Bruk", "Use"),
            Branch("drug-find", "Fynd eller gömma", "Find or hiding place"),
        ),
    ),
    Branch(
        "violence",
        "Våld och hot",
        "Violence and threats",
        "bolt",
        under=(
            Branch("assault", "Våld", "Violence"),
            Branch("threat", "Hot", "Threat"),
            Branch("robbery", "Rån", "Robbery"),
            Branch("staff-incident", "Incident mot anställd eller väktare", "Incident against staff or a guard"),
        ),
    ),
    Branch(
        "theft",
        "Tillgrepp och inbrott",
        "Theft and burglary",
        "lock",
        under=(
            Branch("burglary", "Inbrott", "Burglary"),
            Branch("stealing", "Stöld", "Theft"),
            Branch("bicycle-shop-theft", "Cykel eller butik", "Bicycle or shop"),
        ),
    ),
    Branch(
        "traffic",
        "Trafik och fordon",
        "Traffic and vehicles",
        "car",
        under=(
            Branch("reckless-driving", "Buskörning", "Reckless driving"),
            Branch("tractor-car-moped", "A-traktor eller moped", "Tractor-car or moped"),
            Branch("e-scooter", "Elsparkcykel", "Electric scooter"),
            Branch("unlawful-traffic", "Olovlig trafik", "Unlawful traffic"),
        ),
    ),
    Branch(
        "unsafe",
        "Otrygg plats",
        "Insecure place",
        "lamp",
        CategoryKind.CONDITION,
        under=(
            Branch("lighting", "Belysning", "Lighting"),
            Branch("sightlines", "Insyn eller växtlighet", "Sightlines or vegetation"),
            Branch("litter", "Nedskräpning", "Litter"),
            Branch("deserted", "Ödslig", "Deserted"),
            Branch("disrepair", "Trasigt eller eftersatt", "Broken or neglected"),
        ),
    ),
    Branch("sleeping", "Olovligt boende eller sovplats", "Unauthorised dwelling or sleeping place", "stop"),
    Branch(
        "preparation",
        "Förberedelse eller föremål",
        "Preparation or objects",
        "search",
        under=(
            Branch("stones", "Stenupplag", "Stash of stones"),
            Branch("weapons", "Tillhyggen", "Makeshift weapons"),
            Branch("loose-paving", "Lös gatsten", "Loose paving stones"),
        ),
    ),
    Branch(
        "rumour",
        "Rykte eller oro",
        "Rumour or worry",
        "note",
        under=(
            Branch("social-media", "Sociala medier", "Social media"),
            Branch("residents-worry", "Oro bland boende", "Worry among residents"),
        ),
    ),
    Branch(
        "upcoming",
        "Kommande",
        "Upcoming",
        "calendar",
        CategoryKind.UPCOMING,
        under=(
            Branch("arrangement", "Arrangemang", "Planned event"),
            Branch("school-holiday", "Lov", "School holiday"),
            Branch("planned-gathering", "Planerad samling", "Planned gathering"),
        ),
    ),
)


def plant(group: Group) -> list[Category]:
    """Write the default tree for a group whose walls we are inside."""
    tops = Category.objects.bulk_create([_row(group, top, n) for n, top in enumerate(DEFAULT_TREE, start=1)])
    leaves = [
        _row(group, leaf, n, parent)
        for parent, top in zip(tops, DEFAULT_TREE, strict=True)
        for n, leaf in enumerate(top.under, start=1)
    ]
    return [*tops, *Category.objects.bulk_create(leaves)]


def _row(group: Group, branch: Branch, position: int, parent: Category | None = None) -> Category:
    return Category(
        group=group,
        parent=parent,
        kind=parent.kind if parent else branch.kind,
        code=branch.code,
        name_sv=branch.sv,
        name_en=branch.en,
        icon=branch.icon,
        position=position,
    )
