"""The calendar that most tests change a little."""

SMALL = """\
campaign:
  id: small-2026
  title: A small campaign
  first_day: 2026-11-25
  zone: Europe/Berlin
  language: en
  time: "09:00"
  tags: ["#Small"]
brand:
  name: Small
  hashtag: "#Small"
  colours:
    {paper: "#FFF6EC", ink: "#24163A", accent: "#C2410C", ground: "#3B1A5A", on_dark: "#FFF6EC"}
accounts:
  archive: {platform: folder, directory: published}
days:
  1: {theme: Why we speak}
  2: {theme: Listening}
posts:
  launch:
    day: 1
    graphic: {headline: We begin today, points: [One thing, Another thing]}
    text: Today we begin.
    alt: "On the card: We begin today. One thing. Another thing."
  listen:
    day: 2
    quote: guterres
    text: Listening comes first.
    alt: >-
      On the card: Listen to survivors and end impunity for perpetrators everywhere. António
      Guterres, UN Secretary-General.
quotes:
  guterres:
    words: Listen to survivors and end impunity for perpetrators everywhere.
    language: en
    speaker: António Guterres
    role: UN Secretary-General
    source:
      publisher: United Nations
      title: Message of 25 November 2023
      year: "2023"
      address: https://unis.unvienna.org/
    checked: publisher
    checked_on: 2026-11-22
"""
