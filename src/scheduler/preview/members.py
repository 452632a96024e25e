"""The front page of a coalition: who says what on which day, and how far it has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from urllib.parse import quote

from scheduler.errors import Problem, Severity
from scheduler.interface import Interface
from scheduler.matrix import Cell, CellState, Matrix
from scheduler.model import DAYS, Campaign, Coalition, Post
from scheduler.planning import plan
from scheduler.preview import placing, viewing
from scheduler.preview.rendering import page
from scheduler.preview.viewing import Count, MemberView, ProblemView

#: How the columns are set for up to so many members; beyond, the table scrolls within its frame.
_WIDTHS = ((8, "few"), (14, "some"), (19, "many"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """One post of one member; without a state where the post is none of the member's."""

    state: CellState | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A post, with a square for each member."""

    post: str
    kind: str
    #: What the row is called on its page: a post may stand on other days with other members.
    name: str
    squares: tuple[Square, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsOfDay:
    number: int
    date: date
    theme: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemsOfFile:
    file: str
    problems: tuple[ProblemView, ...]

    @property
    def grave(self) -> bool:
        return any(view.problem.severity is Severity.ERROR for view in self.problems)


def front_page(
    coalition: Coalition,
    shown: Matrix,
    members: Sequence[MemberView],
    problems: Sequence[Problem],
    interface: Interface,
) -> str:
    """The page that everybody begins with; `shown` is the state of each post of each member."""
    columns = [each.id for each in shown.members]
    heads = {view.campaign.member.id: view for view in members}
    deliveries = plan(coalition)
    handed = sum(view.deliveries for view in members if view.campaign.member.kit)
    return page(
        "coalition",
        interface,
        campaign=coalition.own,
        members=members,
        columns=[heads[id_] for id_ in columns],
        width=next((width for most, width in _WIDTHS if len(columns) <= most), "crowd"),
        days=_days(coalition, shown, columns),
        counts=counts(shown.cells),
        meanings=viewing.MEANINGS,
        posts=len({cell.post for cell in shown.cells}),
        published=len(deliveries) - handed,
        handed=handed,
        problems=_by_file(coalition, shown, members, problems, interface),
        tally=viewing.tally(tuple(problems)),
        broken=() if coalition.complete else _broken(coalition, problems),
    )


def counts(cells: Iterable[Cell]) -> tuple[Count, ...]:
    """How many posts are in each of all states, from the best to the worst."""
    found = Counter(cell.state for cell in cells)
    return tuple(Count(state=state, number=found[state]) for state in viewing.MEANINGS)


# ── the table ─────────────────────────────────────────────────────────────────────────────────────


def _days(coalition: Coalition, shown: Matrix, columns: Sequence[str]) -> tuple[RowsOfDay, ...]:
    own, written = coalition.own, _written(coalition)
    cells = {(cell.day, cell.post, cell.member): cell for cell in shown.cells}
    posts = sorted(_placed(shown), key=lambda place: _hour(written.get(place[1])))
    return tuple(
        RowsOfDay(
            number=number,
            date=own.date_of(number),
            theme=own.days[number].theme if number in own.days else "",
            rows=tuple(
                Row(
                    post=id_,
                    kind=viewing.KINDS[type(written[id_].content)] if id_ in written else "",
                    name=_name(day, id_),
                    squares=tuple(_square(cells.get((day, id_, each))) for each in columns),
                )
                for day, id_ in posts
                if day == number
            ),
        )
        for number in range(1, DAYS + 1)
    )


def _written(coalition: Coalition) -> Mapping[str, Post]:
    """Every post by its id: as the calendar has it, otherwise as the first member says it."""
    found: dict[str, Post] = {}
    for campaign in coalition.campaigns.values():
        for id_, post in campaign.posts.items():
            found.setdefault(id_, post)
    return found


def _placed(shown: Matrix) -> frozenset[tuple[int, str]]:
    return frozenset((cell.day, cell.post) for cell in shown.cells)


def _hour(post: Post | None) -> tuple[time, str]:
    """In which order posts stand below their day; what nobody says stands first."""
    return (post.at, post.id) if post else (time.min, "")


def _name(day: int, post: str) -> str:
    return f"day-{day}-{post}"


def _square(cell: Cell | None) -> Square:
    if cell is None:
        return Square()
    file = viewing.member_folder(cell.member) + viewing.day_file(cell.day)
    return Square(state=cell.state, address=f"{file}#{viewing.anchor(cell.post)}")


# ── problems ──────────────────────────────────────────────────────────────────────────────────────


def _by_file(
    coalition: Coalition,
    shown: Matrix,
    members: Sequence[MemberView],
    problems: Sequence[Problem],
    interface: Interface,
) -> tuple[ProblemsOfFile, ...]:
    """Each problem in the list of its file: it is mended there, and often by somebody else."""
    own = coalition.own
    rows = _rows(own, shown, problems)
    found: dict[str, list[ProblemView]] = {}
    for problem in viewing.gravest(problems):
        of_calendar = problem.file == own.places.file
        seen = rows[problem] if of_calendar else _seen(members, problem, interface)
        view = ProblemView(problem=problem, seen_at=tuple(seen))
        found.setdefault(problem.file, []).append(view)
    files = [ProblemsOfFile(file=file, problems=tuple(views)) for file, views in found.items()]
    return tuple(
        sorted(files, key=lambda each: (not each.grave, each.file != own.places.file, each.file))
    )


def _rows(
    own: Campaign, shown: Matrix, problems: Sequence[Problem]
) -> Mapping[Problem, Sequence[tuple[str, str]]]:
    """The rows of the table whose posts a problem concerns, whoever says them."""
    placed = _placed(shown)
    found: dict[Problem, list[tuple[str, str]]] = {problem: [] for problem in problems}
    for id_, theirs in placing.by_post(own, problems).items():
        day = own.posts[id_].day
        for problem in theirs if (day, id_) in placed else ():
            found[problem].append((f"#{quote(_name(day, id_))}", id_))
    return found


def _seen(
    members: Sequence[MemberView], problem: Problem, interface: Interface
) -> Iterator[tuple[str, str]]:
    """The page of each member on which the problem is shown first."""
    for view in members:
        name = view.campaign.member.name
        for day in view.days if problem in view.problems else ():
            post = next((post for post in day.posts if problem in post.problems), None)
            if post is not None:
                yield f"{view.folder}{day.file}#{post.anchor}", f"{name}, {post.post.id}"
                break
            if problem in day.own_problems:
                yield (
                    f"{view.folder}{day.file}",
                    interface.say("{name}, day {number}", name=name, number=day.number),
                )
                break


def _broken(coalition: Coalition, problems: Collection[Problem]) -> tuple[str, ...]:
    """The files of nobody who is shown: their errors keep an organisation out."""
    shown = {file for campaign in coalition.campaigns.values() for file in placing.files(campaign)}
    grave = {problem.file for problem in problems if problem.severity is Severity.ERROR}
    return tuple(sorted(grave - shown))
