"""Two languages and two members beside the small calendar: other zones, scripts and helplines."""

GERMAN = """\
language: de
days:
  1: {theme: Warum wir sprechen, translation: {of: {theme: Why we speak}}}
  2: {theme: Zuhören, translation: {of: {theme: Listening}}}
posts:
  launch:
    text: Heute beginnen wir.
    alt: "Auf der Karte: Wir beginnen heute. Eines. Noch eines."
    graphic: {headline: Wir beginnen heute, points: [Eines, Noch eines]}
    translation:
      state: reviewed
      by: Maria Weber
      on: 2026-11-20
      of:
        text: Today we begin.
        alt: "On the card: We begin today. One thing. Another thing."
        graphic: {headline: We begin today, points: [One thing, Another thing]}
  listen:
    text: Zuerst zuhören.
    alt: >-
      Auf der Karte: Listen to survivors and end impunity for perpetrators everywhere. António
      Guterres, UN Secretary-General.
    translation:
      of:
        text: Listening comes first.
        alt: >-
          On the card: Listen to survivors and end impunity for perpetrators everywhere. António
          Guterres, UN Secretary-General.
"""

GREEK = """\
language: el
days:
  1: {theme: Γιατί μιλάμε, translation: {of: {theme: Why we speak}}}
  2: {theme: Ακούμε, translation: {of: {theme: Listening}}}
posts:
  launch:
    text: Σήμερα αρχίζουμε.
    alt: "Στην κάρτα: Αρχίζουμε σήμερα. Ένα. Και άλλο ένα."
    graphic: {headline: Αρχίζουμε σήμερα, points: [Ένα, Και άλλο ένα]}
    translation:
      of:
        text: Today we begin.
        alt: "On the card: We begin today. One thing. Another thing."
        graphic: {headline: We begin today, points: [One thing, Another thing]}
  listen:
    text: Πρώτα ακούμε.
    alt: >-
      Στην κάρτα: Listen to survivors and end impunity for perpetrators everywhere. António
      Guterres, UN Secretary-General.
    translation:
      of:
        text: Listening comes first.
        alt: >-
          On the card: Listen to survivors and end impunity for perpetrators everywhere. António
          Guterres, UN Secretary-General.
"""

GERMANY = """\
member: {id: germany, name: "Member, Germany"}
campaign: {country: DE, language: de, helpline: de-1}
brand: {name: Mitglied Deutschland}
accounts:
  page: {platform: folder, directory: germany}
helplines:
  de-1:
    number: "030 0001"
    country: DE
    audience: survivors
    hours: rund um die Uhr
    verified: publisher
    verified_by: The team
    verified_on: 2026-11-20
    address: https://example.org/
"""

CYPRUS = """\
member: {id: cyprus, name: "Member, Cyprus"}
campaign: {country: CY, language: el, zone: Asia/Nicosia, time: "10:30", helpline: cy-1}
brand: {name: Μέλος Κύπρος}
accounts:
  page: {platform: folder, directory: cyprus}
helplines:
  cy-1:
    number: "022 0002"
    country: CY
    audience: survivors
    hours: όλο το 24ωρο
    verified: publisher
    verified_by: The team
    verified_on: 2026-11-20
    address: https://example.org/
"""

LANGUAGES = {"de": GERMAN, "el": GREEK}
MEMBERS = {"germany": GERMANY, "cyprus": CYPRUS}
BESIDE = LANGUAGES | MEMBERS
