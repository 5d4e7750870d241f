"""Octets and requests of a first visit to the question page, by following what the page itself names."""

import contextlib
import gzip
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from bench import _content as content
from bench._ground import Answer, Connection, Server, consult_server, keep, workspace
from consult.domain.languages import Language

COMMENTS = 1_000
"""Stored; 20 with a reply each are on screen."""
ACCEPTED = "gzip, deflate, br, zstd"
"""What browsers say they can unpack."""
LOADED_LINKS = {"stylesheet", "preload", "icon", "modulepreload", "manifest"}
FONT_FACE = re.compile(r"@font-face\s*{(.*?)}", re.DOTALL)
ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
RANGE = re.compile(r"unicode-range:\s*([^;}]+)")
SPAN = re.compile(r"U\+([0-9A-Fa-f]+)(?:-([0-9A-Fa-f]+))?")
PACKED_ALREADY = (".woff2", ".png", ".jpg", ".webp", ".br", ".gz")


@dataclass
class Named(HTMLParser):
    """What a page names: addresses that a browser loads by itself, and the letters that it shows."""

    addresses: list[str] = field(default_factory=list)
    letters: set[str] = field(default_factory=set)
    _silent: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "link" and LOADED_LINKS & set(given.get("rel", "").split()):
            self.addresses.append(given["href"])
        elif tag in {"script", "img", "source", "iframe", "video", "audio"} and given.get("src"):
            self.addresses.append(given["src"])
        elif tag in {"use", "image"} and given.get("href"):
            self.addresses.append(given["href"])
        if tag in {"script", "style"}:
            self._silent = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.letters |= set(data)


@dataclass
class Visit:
    """One visit without a cache: what was asked of this host, and what would have gone to others."""

    server: Server
    language: Language
    loaded: dict[str, Answer] = field(default_factory=dict)
    third_party: list[str] = field(default_factory=list)

    def make(self, path: str) -> None:
        page = Named()
        page.feed(self._load(path).decode())
        for address in page.addresses:
            self._follow(path, address, page.letters)

    def _follow(self, base: str, address: str, letters: set[str]) -> None:
        target = urlsplit(urljoin(base, address))
        if target.scheme == "data" or target.path in self.loaded:
            return
        if target.netloc:
            self.third_party.append(target.geturl())
            return
        body = self._load(target.path)
        if target.path.endswith(".css"):
            for inner in _named_in_css(body.decode(), letters):
                self._follow(target.path, inner, letters)

    def _load(self, path: str) -> bytes:
        """Count the answer as a browser gets it; the unpacked body is asked for once more, to be read."""
        language = self.language.value
        with contextlib.closing(Connection(self.server.port)) as connection:
            self.loaded[path] = connection.get(path, Accept_Encoding=ACCEPTED, Accept_Language=language)
            plain = connection.get(path, Accept_Encoding="identity", Accept_Language=language)
        assert self.loaded[path].status == plain.status == 200, path
        return plain.body

    def figures(self) -> dict[str, Any]:
        with_fonts = sum(answer.wire_bytes for answer in self.loaded.values())
        fonts = [answer for path, answer in self.loaded.items() if path.endswith(".woff2")]
        return {
            "requests": len(self.loaded),
            "third_party_requests": len(self.third_party),
            "bytes": with_fonts,
            "bytes_without_fonts": with_fonts - sum(answer.wire_bytes for answer in fonts),
            "font_requests": len(fonts),
            "bytes_if_all_text_were_gzipped": sum(map(_if_gzipped, self.loaded, self.loaded.values())),
            "files": [
                {
                    "name": path.rpartition("/")[2] if path.startswith("/s/") else "the page",
                    "bytes": answer.wire_bytes,
                    "encoding": answer.headers.get("content-encoding", "none"),
                }
                for path, answer in self.loaded.items()
            ],
        }


def _if_gzipped(path: str, answer: Answer) -> int:
    if path.endswith(PACKED_ALREADY) or "content-encoding" in answer.headers:
        return answer.wire_bytes
    return answer.wire_bytes - len(answer.body) + len(gzip.compress(answer.body, 6))


def _named_in_css(sheet: str, letters: set[str]) -> list[str]:
    """Addresses in a style sheet; of fonts those whose letters the page shows."""
    faces = FONT_FACE.findall(sheet)
    wanted = [face for face in faces if _covers(face, letters)]
    texts = [FONT_FACE.sub("", sheet), *wanted]
    return [first or second for text in texts for first, second in ADDRESS.findall(text)]


def _covers(face: str, letters: set[str]) -> bool:
    ranges = RANGE.search(face)
    if ranges is None:
        return True
    spans = [(int(first, 16), int(last or first, 16)) for first, last in SPAN.findall(ranges[1])]
    return any(first <= ord(letter) <= last for letter in letters for first, last in spans)


def main() -> None:
    with workspace() as folder:
        with content.installation(folder / "instance"):
            content.add_authors()
            filled = content.add_consultation("visited", COMMENTS)
        with consult_server(folder / "instance") as server:
            figures = {}
            for language in Language:
                visit = Visit(server, language)
                visit.make(filled.path.replace("/kk/", f"/{language.value}/", 1))
                figures[language.value] = visit.figures()
            keep("first_visit", {"visits": figures})


if __name__ == "__main__":
    main()
