"""The engines by name, each as something that draws a card and says how long it took."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol

from PIL import Image

from cards import faces, ours
from cards.look import BRAND, LOOK
from cards.texts import Said
from scheduler.cards.encoding import Chroma

HERE = Path(__file__).parent
#: What Node runs for each engine of Node, and the folders of `engines.sh` that it needs.
NODE = {
    "takumi": ("takumi.mjs",),
    "takumi_with_sharp": ("takumi.mjs", "--sharp"),
    "satori": ("satori.mjs",),
    "chromium": ("chromium.mjs",),
}
PACKAGES = {
    "takumi": ("takumi",),
    "takumi_with_sharp": ("takumi", "sharp"),
    "satori": ("satori",),
    "chromium": ("chromium",),
}
_PNG = {"satori", "ours_png"}
#: The first card of a browser on a busy machine.
_PATIENCE = 60


class AbsentError(Exception):
    """An engine cannot be had here; the message says why."""


class Engine(Protocol):
    """Draws one card, and gives the seconds that it took; writes the picture where it is asked."""

    def __call__(self, said: Said, to: Path | None = None) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """Where `engines.sh` put the engines, and the fonts and the logo as they want them."""

    folder: Path

    def faces(self) -> dict[str, Path]:
        return faces.made(self.folder / "faces")

    def logo(self) -> Path:
        """The logo in the size in which it is drawn, as whoever cares for speed would make it."""
        file = self.folder / "logo.png"
        side = LOOK.logo[2]
        with Image.open(BRAND.logo or "") as logo:
            small = logo.convert("RGBa").resize((side, side), Image.Resampling.LANCZOS)
        small.convert("RGBA").save(file)
        return file


def cache() -> Cache:
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Cache(folder=root / "campaign-scheduler" / "card-engines")


def suffix(name: str) -> str:
    return ".png" if name in _PNG else ".jpg"


@contextmanager
def opened(cache: Cache) -> Iterator[tuple[dict[str, Engine], dict[str, str]]]:
    """All engines that can be had, and why the others cannot."""
    found: dict[str, Engine] = dict(_own())
    absent: dict[str, str] = {}
    with ExitStack() as stack:
        for name, opening in _others(cache, stack).items():
            try:
                found[name] = opening()
            except AbsentError as reason:
                absent[name] = str(reason)
        yield found, absent


def _own() -> Mapping[str, Engine]:
    return {
        "ours": here(ours.jpeg),
        "ours_444": here(lambda said: ours.jpeg(said, "4:4:4")),
        "ours_png": here(ours.png),
        "encode_alone": _encoding("4:2:0"),
        "encode_alone_444": _encoding("4:4:4"),
    }


def _others(cache: Cache, stack: ExitStack) -> dict[str, Callable[[], Engine]]:
    def node(name: str) -> Callable[[], Engine]:
        return lambda: stack.enter_context(node_engine(name, cache))

    return {
        "pillow_plain": lambda: _pillow(cache),
        "skia": lambda: _skia(cache),
        **{name: node(name) for name in NODE},
    }


# ── in this process ───────────────────────────────────────────────────────────────────────────────


def here(draw: Callable[[Said], bytes]) -> Engine:
    def engine(said: Said, to: Path | None = None) -> float:
        begin = perf_counter()
        drawn = draw(said)
        ended = perf_counter()
        if to is not None:
            to.write_bytes(drawn)
        return ended - begin

    return engine


def _encoding(chroma: Chroma) -> Engine:
    """Pillow's encoding of the very pixels of our card; painting them is not measured."""

    def engine(said: Said, to: Path | None = None) -> float:
        pixels = ours.pixels(said)
        return here(lambda _: ours.encoded(pixels, chroma))(said, to)

    return engine


def _pillow(cache: Cache) -> Engine:
    from cards.pillow_plain import Plain  # noqa: PLC0415 (only who measures needs it)

    return here(Plain(cache.faces(), cache.logo()).jpeg)


def _skia(cache: Cache) -> Engine:
    sys.path.append(str(cache.folder / "skia"))
    try:
        from cards.skia_card import Skia  # noqa: PLC0415 (it may not be there)
    except ImportError as error:
        raise AbsentError(f"skia-python: {error}") from error
    return here(Skia(cache.faces(), cache.logo()).jpeg)


# ── in a process of Node ──────────────────────────────────────────────────────────────────────────


def node_command(name: str, cache: Cache) -> list[str]:
    node = shutil.which("node")
    if node is None:
        raise AbsentError("there is no Node")
    for folder in PACKAGES[name]:
        if not (cache.folder / folder / "node_modules").is_dir():
            raise AbsentError(f"the packages of {folder} are not installed")
    script, *options = NODE[name]
    return [node, str(HERE / script), *options]


def environment(cache: Cache) -> dict[str, str]:
    return os.environ | {"CARD_ENGINES": str(cache.folder)}


def told(cache: Cache) -> dict[str, Any]:
    """What an engine of Node is told before its first card."""
    files = {name: str(file) for name, file in cache.faces().items()}
    return {"look": LOOK.told(), "faces": files, "logo": str(cache.logo())}


@contextmanager
def node_engine(name: str, cache: Cache) -> Iterator[Engine]:
    """The engine as a process that lives until the end of the block. Raises `AbsentError`."""
    with (
        tempfile.TemporaryFile("w+") as complaints,
        subprocess.Popen(
            node_command(name, cache),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            env=environment(cache),
        ) as process,
    ):
        try:
            if not _asked(process, told(cache)):
                raise AbsentError(_complaint(complaints.fileno()))
            yield _through(process)
        finally:
            _ended(process)


def _through(process: subprocess.Popen[str]) -> Engine:
    def engine(said: Said, to: Path | None = None) -> float:
        answer = _asked(process, {"said": said.told(), "to": str(to) if to else None})
        if not answer:
            raise AssertionError(f"{process.args} died while it drew {said}")
        return float(answer["seconds"])

    return engine


def _asked(process: subprocess.Popen[str], question: dict[str, Any]) -> dict[str, Any] | None:
    """Its answer; None when it is dead."""
    if process.stdin is None or process.stdout is None:
        raise AssertionError("the engine has no pipes")
    try:
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        return None
    line = process.stdout.readline()
    return json.loads(line) if line else None


def _ended(process: subprocess.Popen[str]) -> None:
    """It ends with its input, and closes what it has opened."""
    try:
        process.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _complaint(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    lines = os.read(file, 100_000).decode("utf-8", "replace").splitlines()
    named = [line.strip() for line in lines if re.match(r"\w*Error\b", line.strip())]
    return (named or [line.strip() for line in lines if line.strip()] or ["it says nothing"])[0]
