"""Octets and requests of a first visit to the question page, as Chromium itself counts them.

Each visit has a browser profile of its own, so nothing is cached. Chromium counts the octets of heads and
bodies as they came over the wire. What a headless browser leaves out, the icon, is asked for and added.
"""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, sync_playwright

from bench import _content as content
from bench._ground import HOST, Connection, Server, consult_server, keep, workspace
from consult.domain.languages import Language
from tests.support.browser import LOCALES, find_chromium, launch_chromium

COMMENTS = 1_000
"""Stored; 20 with a reply each are on screen."""
TELEPHONE = {"width": 390, "height": 844}
ACCEPTED = "gzip, deflate, br, zstd"
"""What Chromium says it can unpack."""
MOST_BYTES = 100_000
MOST_BYTES_WITHOUT_FONTS = 30_000


@dataclass
class Loaded:
    """One answer: its address, its encoding and its octets on the wire, head and body."""

    url: str
    encoding: str = "none"
    octets: int = 0


@dataclass
class Visit:
    """One visit without a cache."""

    server: Server
    loaded: dict[str, Loaded] = field(default_factory=dict)

    def make(self, browser: Browser, path: str, language: Language, cookie: str) -> None:
        context = browser.new_context(
            base_url=f"http://{HOST}:{self.server.port}",
            locale=LOCALES[language.value],
            viewport=TELEPHONE,  # type: ignore[arg-type]
        )
        for name, _, value in (part.partition("=") for part in cookie.split("; ") if part):
            context.add_cookies([{"name": name, "value": value, "domain": HOST, "path": "/"}])
        page = context.new_page()
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        self._listen(network)
        page.goto(path, wait_until="networkidle")
        icon = page.locator("link[rel=icon]").get_attribute("href")
        context.close()
        if icon and not any(each.url.endswith(icon) for each in self.loaded.values()):
            self._add(icon)

    def _listen(self, network: CDPSession) -> None:
        network.on("Network.requestWillBeSent", self._asked)
        network.on("Network.responseReceived", self._answered)
        network.on("Network.loadingFinished", self._finished)

    def _asked(self, event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:"):
            self.loaded[event["requestId"]] = Loaded(event["request"]["url"])

    def _answered(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        if event["requestId"] in self.loaded:
            self.loaded[event["requestId"]].encoding = headers.get("content-encoding", "none")

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.loaded:
            self.loaded[event["requestId"]].octets = round(event["encodedDataLength"])

    def _add(self, path: str) -> None:
        with contextlib.closing(Connection(self.server.port)) as connection:
            answer = connection.get(path, Accept_Encoding=ACCEPTED)
        self.loaded[path] = Loaded(path, answer.headers.get("content-encoding", "none"), answer.wire_bytes)

    def figures(self) -> dict[str, Any]:
        answers = list(self.loaded.values())
        fonts = [answer for answer in answers if answer.url.endswith(".woff2")]
        octets = sum(answer.octets for answer in answers)
        without_fonts = octets - sum(answer.octets for answer in fonts)
        own = {"", f"{HOST}:{self.server.port}"}
        return {
            "requests": len(answers),
            "third_party_requests": sum(urlsplit(answer.url).netloc not in own for answer in answers),
            "bytes": octets,
            "bytes_without_fonts": without_fonts,
            "font_requests": len(fonts),
            "holds": octets < MOST_BYTES and without_fonts < MOST_BYTES_WITHOUT_FONTS,
            "files": [
                {"name": _name(answer.url), "bytes": answer.octets, "encoding": answer.encoding}
                for answer in answers
            ],
        }


def _name(url: str) -> str:
    path = urlsplit(url).path
    return path.rpartition("/")[2] if path.startswith("/s/") else "the page"


def _visits(browser: Browser, server: Server, filled: content.Filled, reader: str) -> dict[str, Any]:
    """A guest in each language, and a citizen who has signed in: that page also votes without reloads."""
    figures = {}
    cookie, _token = content.sign_in(server.port, reader, filled.path)
    visits = [(language, "") for language in Language] + [(Language.KK, cookie)]
    for language, carried in visits:
        visit = Visit(server)
        visit.make(browser, filled.path.replace("/kk/", f"/{language.value}/", 1), language, carried)
        figures[f"{language.value}_signed_in" if carried else language.value] = visit.figures()
    return figures


def _fill(instance: Path) -> tuple[content.Filled, str]:
    with content.installation(instance):
        content.add_authors()
        ((reader, _person),) = content.add_readers(1)
        return content.add_consultation("visited", COMMENTS), reader


def main() -> None:
    executable = find_chromium()
    if executable is None:
        raise SystemExit("There is no Chromium here: this figure cannot be measured.")
    with workspace() as folder, sync_playwright() as playwright:
        filled, reader = _fill(folder / "instance")
        with consult_server(folder / "instance") as server:
            browser = launch_chromium(playwright, executable)
            keep("first_visit", {"visits": _visits(browser, server, filled, reader)})
            browser.close()


if __name__ == "__main__":
    main()
