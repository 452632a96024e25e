"""What is written reads as it should, and what is not changed stays as people wrote it."""

from __future__ import annotations

import copy
import difflib
import textwrap
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar.reading import Tree, read
from scheduler.calendar.writing import edited, emitted
from scheduler.errors import UserError

CHECKOUT = Path(__file__).parents[2]
SAMPLE = (CHECKOUT / "campaign.yaml").read_bytes().decode()
STARTER = (CHECKOUT / "src/scheduler/cli/starter.yaml").read_bytes().decode()


@pytest.fixture(scope="session")
def reading(tmp_path_factory):
    """What the calendar's own reader makes of a text."""
    file = tmp_path_factory.mktemp("written") / "calendar.yaml"

    def understand(text: str) -> Tree:
        file.write_bytes(text.encode())
        return read(file, name="calendar.yaml")

    return understand


# ── new files ─────────────────────────────────────────────────────────────────────────────────────

#: What the parser, the reader or a spreadsheet would make something else of.
TRAPS = [
    "", " ", "\n", "a\n", "a\n\n", "\na", " a", "a ", "a\n b", "a \nb", "a\n\n\nb", "#16Days",
    "a #b", "a: b", "a:", ":", "-", "- a", "--- a", "---", "...", "... a", "? a", "*a", "&a", "!a",
    "%a", "@a", "`a", "'a'", '"a"', "it's", 'say "no"', "it's \"no\"", "[a", "{a", "a]", "a, b",
    "016", "12:30", "09:00", "no", "No", "null", "~", "<<", "=", "1e5", "0x1F", "1_000", "+4",
    "2026-11-25", ".inf", "a\tb", "\t", "a\r\nb", "\x85", "\u2028", "\ufeffa", "a\ufeff", "\0",
    "\x1b", "\xa0a", "a\u3000", "😀", "\U0010ffff", "x" * 300, "word " * 60 + "end",
    "two  blanks " * 30 + "end", "a\\nb", "|", ">", ">-", "|-\n a", "http://a.b/c#d", "a{b}c",
    "Day {day} of {days}", "# a", "long line " * 20 + "\n\n#second " * 20 + "e",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(TRAPS),
    st.text(st.characters(codec="utf-8"), max_size=150),
    st.text(" \na#:-'\""),
)
VALUES = st.dictionaries(
    TEXTS,
    st.recursive(
        TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
        max_leaves=12,
    ),
    max_size=5,
)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_what_is_emitted_reads_as_it_was(reading, values):
    tree = reading(emitted(values))
    assert (tree.values, tree.problems) == (values, ())


@pytest.mark.parametrize("trap", TRAPS)
def test_no_text_falls_into_a_trap(reading, trap):
    values = {
        trap: trap,
        "in a list": [trap, {trap: trap}],
        "b": {"c": {trap: [trap]}},
        "d": [[trap]],
    }
    tree = reading(emitted(values))
    assert (tree.values, tree.problems) == (values, ())


@pytest.mark.parametrize("trap", TRAPS)
def test_another_reader_of_yaml_takes_every_text_for_text(trap):
    if trap in ("no", "No", "2026-11-25"):
        pytest.skip("a calendar writes its dates, yes and no without quotation marks")
    assert yaml.safe_load(emitted({"a": trap})) == {"a": trap}


def test_half_a_sign_is_refused():
    with pytest.raises(UserError, match="no text"):
        emitted({"a": "\ud800"})


def test_a_new_calendar_looks_like_one_that_a_person_wrote():
    text = emitted(
        {
            "campaign": {"id": "small", "time": "09:00", "tags": ["#Small", "#16Days"]},
            "days": {"1": {"theme": "Why we speak"}},
            "posts": {
                "launch": {
                    "day": "1",
                    "graphic": {
                        "headline": "Begin: now",
                        "points": ["One sentence that is long", "x"],
                    },
                    "text": "Many words that go on. " * 6 + "End.",
                },
                "verse": {"day": "2", "text": "One line\nand another", "alt": "", "tags": []},
            },
        }
    )
    assert text == (
        "campaign:\n"
        "  id: small\n"
        '  time: "09:00"\n'
        '  tags: ["#Small", "#16Days"]\n'
        "\n"
        "days:\n"
        "  1:\n"
        "    theme: Why we speak\n"
        "\n"
        "posts:\n"
        "  launch:\n"
        "    day: 1\n"
        "    graphic:\n"
        '      headline: "Begin: now"\n'
        "      points:\n"
        "        - One sentence that is long\n"
        "        - x\n"
        "    text: >-\n"
        f"      {'Many words that go on. ' * 4}".rstrip()
        + "\n"
        "      Many words that go on. Many words that go on. End.\n"
        "\n"
        "  verse:\n"
        "    day: 2\n"
        "    text: |-\n"
        "      One line\n"
        "      and another\n"
        '    alt: ""\n'
        "    tags: []\n"
    )


def test_empty_lines_stand_between_sections_and_entries_and_never_inside_one():
    group = {"a": "1", "b": "2", "c": "3"}
    text = emitted({"brand": {"colours": group, "translation": group}, "facts": {"one": group}})
    assert text.count("\n\n") == 1
    assert "\n\nfacts:\n" in text
    apart = emitted({"facts": {"one": group, "two": {"a": group}}})
    assert apart.count("\n\n") == 1
    assert "\n\n  two:\n" in apart


# ── edits ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [SAMPLE, STARTER], ids=["sample", "starter"])
def test_nothing_changed_is_nothing_changed(reading, text):
    for same in (text, text.replace("\n", "\r\n"), "\ufeff" + text, text.rstrip("\n")):
        assert edited(same, reading(same).values) == same


LONG = "Many words that go on and on, and that nobody could put into a single line. " * 2 + "End."


FOLDED = textwrap.indent(textwrap.fill(LONG, 96), "    ")
FOOT = "# at the foot of every card; no telephone number, on purpose"
NAME = "# never change it: everything published hangs on this name"
WHEN = "# when a post goes out, unless it names another time"
BELOW = "# they stand below every caption by themselves"
EDITS = {
    ("campaign", "id"): ("new", f"  id: new       {NAME}"),
    ("campaign", "time"): ("10:30", f'  time: "10:30"                       {WHEN}'),
    ("campaign", "country"): ("DE", "  country: DE"),
    ("campaign", "tags", 1): ("#Six", f'  tags: ["#ResponsibleTogether", "#Six"]   {BELOW}'),
    ("campaign", "tags", 0): ("a, b", f'  tags: ["a, b", "#16Days"]   {BELOW}'),
    ("posts", "why-we-speak", "photo", "headline"): ("Ask: why?", '      headline: "Ask: why?"'),
    ("posts", "why-we-speak", "helpline"): ("116", "    helpline: 116"),
    ("accounts", "network", "token", "env"): ("OTHER", "    token: {env: OTHER}"),
    ("posts", "no-excuse", "graphic", "points", 3): ("Short", '        - "Short"'),
    ("brand", "funder"): (LONG, f"  funder: >-\n{FOLDED}"),
    ("brand", "help"): (LONG, f"  help: >-     {FOOT}\n{FOLDED}"),
    ("days", "2", "theme"): (
        "One line\nand another",
        "    theme: |-\n      One line\n      and another",
    ),
    ("facts", "slow-decline", "chart"): (
        {"kind": "ring", "share": "0.2"},
        "    chart:\n      kind: ring\n      share: 0.2",
    ),
    ("facts", "share-for-shelters", "chart", "share"): (
        "0.5",
        "    chart: {kind: ring, share: 0.5}",
    ),
    ("facts", "share-for-shelters", "chart", "of"): (
        "5",
        "    chart: {kind: ring, share: 0.4, of: 5}",
    ),
    ("posts", "no-excuse", "tags"): (["#a", "#b"], '    tags: ["#a", "#b"]'),
    ("posts", "no-excuse", "graphic"): ("none", "    graphic: none"),
    ("series",): ({"weekly": {"first": "1"}}, "\nseries:\n  weekly:\n    first: 1"),
}


@pytest.mark.parametrize("path", EDITS, ids=lambda path: ".".join(map(str, path)))
def test_one_value_is_one_place(reading, path):
    value, wanted = EDITS[path]
    values = reading(SAMPLE).values
    put(values, path, value)
    new = edited(SAMPLE, values)
    assert reading(new).values == values
    assert came(SAMPLE, new) == wanted.splitlines()


def put(values, path, value):
    for step in path[:-1]:
        values = values[step]
    values[path[-1]] = value


def came(old: str, new: str) -> list[str]:
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line[2:] for line in lines if line.startswith("+ ")]


def went(old: str, new: str) -> list[str]:
    return came(new, old)


def test_a_post_goes_with_its_lines_and_one_of_the_empty_lines_around_it(reading):
    tree = reading(SAMPLE)
    del tree.values["posts"]["far-too-slow"]
    new = edited(SAMPLE, tree.values)
    begin = tree.places.key("posts", "far-too-slow").line - 1
    end = SAMPLE.splitlines().index("  # Day 3 · Friday, 27 November")
    assert went(SAMPLE, new) == SAMPLE.splitlines()[begin:end]
    assert came(SAMPLE, new) == []


def test_a_new_post_stands_behind_the_last_and_before_the_comment_of_what_follows(reading):
    values = reading(SAMPLE).values
    values["posts"]["a-new-one"] = {"day": "3", "text": "Come."}
    new = edited(SAMPLE, values)
    assert came(SAMPLE, new) == ["  a-new-one:", "    day: 3", "    text: Come.", ""]
    assert new.index("a-new-one") < new.index("# The figures.")


def test_items_come_and_go_on_lines_of_their_own(reading):
    values = reading(SAMPLE).values
    points = values["posts"]["what-a-programme-does"]["graphic"]["points"]
    del points[1]
    points.append("Is honest: always")
    new = edited(SAMPLE, values)
    assert reading(new).values == values
    assert went(SAMPLE, new) == ["        - Names violence and accepts no excuse"]
    assert came(SAMPLE, new) == ['        - "Is honest: always"']


def test_one_text_that_cannot_be_changed_in_place_costs_no_comment_elsewhere(reading):
    text = "# top\na:\n  - - x: y   # odd\nb: 1   # kept\n"
    values = reading(text).values
    values["a"][0][0] = {"z": "y"}
    values["b"] = "2"
    assert edited(text, values) == '# top\na:\n  - - z: "y"   # odd\nb: 2   # kept\n'


def test_what_cannot_be_read_is_not_edited():
    with pytest.raises(UserError, match=r"de.yaml:1:5: error: not YAML"):
        edited("a: b: c", {"a": "d"}, name="de.yaml")


def test_only_the_order_of_keys_is_no_change(reading):
    values = reading(SAMPLE).values
    values["posts"] = dict(sorted(values["posts"].items()))
    assert edited(SAMPLE, values) == SAMPLE


def test_line_ends_and_mark_are_kept_in_what_is_new(reading):
    windows = "\ufeff" + SAMPLE.replace("\n", "\r\n")
    values = reading(windows).values
    values["posts"]["a-new-one"] = {"day": "3", "text": LONG}
    values["posts"]["why-we-speak"]["text"] = LONG
    new = edited(windows, values)
    assert new.startswith("\ufeff")
    assert new.count("\n") == new.count("\r\n")
    assert reading(new).values == values


#: Everything that a layout may be.
ODD = f"""\
# first

a: {{b: 1, c: [x, y , "z"],  # why
    d: {{}}}}   # behind
"e" :   'it''s'   # e
f:
- one   # 1

# between
- two:
    three: |
      kept

      four
  five: "six
    seven"
-
  - g
  - [h, i]
- []
j: >+2
   k

l:
    # deep
    m:
        n
    o: plain
      on two lines   # comment

    p: |+
        q


r: ""
s: [{{t: u, v: w}}, {{t: x}}]
? "y y"
: z
zz: {{"json":"like","n":{{"a":1}}}}
last: >-
  folded
  text{"   "}
{"  "}
"""


def paths(values, path=()):
    """Every place of the values."""
    for key, value in values.items() if isinstance(values, dict) else enumerate(values):
        yield (*path, key)
        if not isinstance(value, str):
            yield from paths(value, (*path, key))


def change(data, values):
    """One random edit: another value, a new key or item, or one less."""
    path = data.draw(st.sampled_from(list(paths(values))))
    place = values
    for step in path[:-1]:
        place = place[step]
    match data.draw(st.sampled_from(["set", "set", "add", "delete"])):
        case "set":
            place[path[-1]] = data.draw(SMALL)
        case "add" if isinstance(place, list):
            place.insert(path[-1], data.draw(SMALL))
        case "add":
            place[data.draw(TEXTS)] = data.draw(SMALL)
        case "delete":
            del place[path[-1]]
    return path


SMALL = TEXTS | st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=4,
)


@given(
    st.data(),
    st.sampled_from([ODD, ODD.replace("\n", "\r\n"), ODD.rstrip(), "a: b", '{"a": ["b"]}']),
)
@settings(max_examples=150, deadline=None)
def test_whatever_the_layout_an_edit_reads_as_wanted(reading, data, text):
    for _ in range(data.draw(st.integers(1, 3))):
        before = reading(text)
        values = copy.deepcopy(before.values)
        change(data, values)
        text = edited(text, values)
        after = reading(text)
        assert after.values == values
        assert len(after.problems) <= len(before.problems)
        if not values:
            break


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_edits_of_a_real_calendar_leave_every_other_entry_alone(reading, data):
    tree = reading(SAMPLE)
    values = copy.deepcopy(tree.values)
    touched = {change(data, values)[:2] for _ in range(data.draw(st.integers(1, 4)))}
    new = edited(SAMPLE, values)
    assert reading(new).values == values
    alone = [path for path in tree.places.keys if len(path) == 2 and path not in touched]
    sections = {path[0] for path in touched if len(path) == 1}
    for path in alone:
        if path[0] not in sections:
            assert lines_of(tree, path) in new


def lines_of(tree: Tree, path) -> str:
    """An entry as it stands in the sample, without what stands below it."""
    lines = SAMPLE.splitlines(keepends=True)
    begin = tree.places.key(*path).line - 1
    others = (place.line - 1 for other, place in tree.places.keys.items() if len(other) <= 2)
    end = min((line for line in others if line > begin), default=len(lines))
    while end > begin and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join(lines[begin:end])
