"""What the shipped templates hold to: the rules of the page on design, each with its picture.

`tools/draw_design_pictures.py` draws the pictures, from the sample campaign.
"""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.model import Size

TALL = Size(width=1080, height=1350)
LOW = Size(width=1200, height=627)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of design, as people read it, with two cards that break it and keep it."""

    #: What its picture is called.
    name: str
    heading: str
    says: str
    #: What is to be seen on the first card, and on the second.
    before: str
    after: str
    #: Of each card, in pixels.
    size: Size = TALL

    @property
    def picture(self) -> str:
        """The picture's file, as seen from docs/."""
        return f"images/design/{self.name}.png"

    @property
    def alt(self) -> str:
        return f"Two cards side by side. Before: {self.before} After: {self.after}"


RULES = (
    Rule(
        name="one-thing-is-large",
        heading="One thing is large",
        says="Somebody scrolls past a card in a second and takes one thing along. Give it "
        "more than twice the size of whatever comes next: two things that are nearly as large "
        "compete, and neither wins. A card with two large things is two cards.",
        before="the figure, 0.2%, is hardly larger than the four paragraphs below it, all of them "
        "bold.",
        after="the figure takes nearly the whole width, and the paragraphs follow, smaller and "
        "smaller.",
    ),
    Rule(
        name="one-edge-for-everything",
        heading="One edge for everything",
        says="All lines begin at one edge: the eye finds the next one without searching, and the "
        "card holds together without boxes and frames. Centred lines begin somewhere else each "
        "time. An opening quotation mark may hang in the margin, since the words keep the edge. "
        "In Arabic the edge is the right one, for Latin names too, and nothing needs to be written "
        "for it.",
        before="a quotation, its speaker and its source are centred, each line with a beginning of "
        "its own.",
        after="the same lines begin at the left edge, below the marks of the sixteen days and "
        "above the hashtag; the quotation mark hangs in the margin.",
    ),
    Rule(
        name="white-belongs-to-the-card",
        heading="White belongs to the card",
        says="Free room is what makes the rest look meant, and hard words bearable. Keep the "
        "margin, and leave more between two points than between two lines of one point. Where "
        "something does not fit, take words away, not white. What reaches beyond usual letters, "
        "the comma of a large figure or the marks and bowls of Arabic, gets white of its own.",
        before="large letters stand close to the edges, and four points run into each other.",
        after="the same headline and points, a little smaller, with a margin on all sides and room "
        "between the points.",
    ),
    Rule(
        name="two-colours-and-one-accent",
        heading="Two colours and one accent",
        says="A ground, a colour for words, and an accent for the one thing that must be seen "
        "first. What is less important gets less `strength`, not another colour. Whoever cannot "
        "tell red from green then still sees which bar is meant.",
        before="on yellow, the figure is green, the statement pink, the source blue, and the bars "
        "of the chart are blue and green.",
        after="on pale paper, the figure and the bar that it belongs to are orange; the words are "
        "dark violet, and the other bar is grey.",
    ),
    Rule(
        name="a-low-card-is-composed-anew",
        heading="A low card is composed anew",
        says="A tall card that is pressed into a low one ends in small letters with an empty half "
        "beside them. Put areas side by side (`row`), and let one of them be narrow and loud. Say "
        "it below `wide`; the other shapes stay as they are.",
        before="a low card with its headline in a strip at the top, and five short lines in small "
        "letters close below it; the right half is empty.",
        after="the headline stands large on a dark column at the left, and the five points fill "
        "the right.",
        size=LOW,
    ),
    Rule(
        name="a-picture-is-calm-behind-words",
        heading="A picture is calm behind words",
        says="Words stand where the picture has nothing to say: sky, water, a wall. A veil makes "
        "them readable wherever they stand, and puts out what is behind them. Move the words with "
        "a `spring`, or the picture with `focus_x` and `focus_y`, before you make the veil denser. "
        "Letters that stand out by less than 4.5 : 1 are refused, large ones by less than 3 : 1.",
        before="the headline lies across a row of lights at dusk, and the veil behind it makes "
        "them dull.",
        after="the headline stands lower, on dark water; the sixteen lights shine above it.",
    ),
    Rule(
        name="source-and-caveat-stand-with-the-figure",
        heading="Source and caveat stand with the figure",
        says="A card is passed on without its caption. Who was counted, when, by whom and with "
        "what reservation stands on the picture itself, small but readable. The calendar asks for "
        "each of them; a card whose template has no place for one is refused.",
        before="“Almost 1 in 3” with three people of whom one is lit, and a statement, and "
        "nothing else: nobody can check it.",
        after="the same, and below it who was counted, the source with its year, and the "
        "caveat that 30% is a little less than the 1 in 3 that is drawn.",
    ),
)
