"""A real browser: a live server, Chromium, pages that watch themselves, and axe-core.

`Browsing.open` gives a page that fails the test when the console shows an error (a content security policy
speaks there), a script throws, another host is asked for anything, or a file the page needs is missing.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response

PROJECT = Path(__file__).resolve().parents[2]
VENDOR = PROJECT / "tests" / "vendor"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
LOCALES = {"kk": "kk-KZ", "ru": "ru-KZ", "en": "en-GB"}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGE_TIMEOUT_MILLISECONDS = 10_000


class LiveServer:
    """The application in a process of its own on a free loopback port."""

    def __init__(
        self, database_url: str, instance: Path, *, host: str = "127.0.0.1", settings: str = "{}"
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.server", database_url, str(instance), host, settings],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            self.stop()
            raise RuntimeError("the live server ended before it answered; its error stands above")

    def forget_limits(self) -> None:
        """Begin to count tries and votes anew, as in a new server."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._process.stdout.readline()

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)


def find_chromium() -> str | None:
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def launch_chromium(playwright: Playwright, executable: str) -> Browser:
    return playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)


@dataclass
class Browsing:
    """Opens pages of one live server, each in a fresh context without cookies, and collects their faults."""

    browser: Browser
    url: str
    faults: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        path: str,
        *,
        javascript: bool = True,
        language: str = "en",
        size: tuple[int, int] = (1280, 900),
        colour_scheme: Literal["light", "dark", "no-preference"] = "light",
        **context: Any,
    ) -> Page:
        """A new visitor's page; `size` is width and height in CSS pixels, `context` goes to Playwright."""
        visitor = self.browser.new_context(
            base_url=self.url,
            java_script_enabled=javascript,
            locale=LOCALES[language],
            timezone_id="Asia/Almaty",
            viewport={"width": size[0], "height": size[1]},
            color_scheme=colour_scheme,
            reduced_motion="reduce",
            **context,
        )
        visitor.set_default_timeout(PAGE_TIMEOUT_MILLISECONDS)
        self._contexts.append(visitor)
        page = visitor.new_page()
        self._watch(page)
        page.goto(path)
        return page

    def _watch(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("request", self._on_request)
        page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        is_answer = message.text.startswith("Failed to load resource")  # judged by `_on_response`
        if message.type == "error" and not is_answer:
            self.faults.append(f"console: {message.text}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.netloc != urlsplit(self.url).netloc:
            self.faults.append(f"another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        is_page = response.request.resource_type in {"document", "fetch", "xhr"}
        if response.status >= (500 if is_page else 400):
            self.faults.append(f"answer {response.status}: {response.url}")

    def close(self) -> list[str]:
        """End every visitor; gives the faults seen, in order."""
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        return self.faults


def sign_in(page: Page, email: str, password: str, *, language: str = "en") -> None:
    """Sign in as a person does, through the form."""
    page.goto(f"/{language}/sign-in")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: not urlsplit(url).path.endswith("/sign-in"))


def assert_accessible(page: Page, *, ignoring: Sequence[str] = ()) -> None:
    """Run axe-core on the page as it stands; fails with one line for each element at fault.

    Needs a page with JavaScript. `ignoring` holds names of axe's rules; say at the call why.
    """
    source = next(VENDOR.glob("axe-core-*/axe.min.js"), None)
    assert source is not None, f"axe-core is not in {VENDOR.relative_to(PROJECT)}"
    session = page.context.new_cdp_session(page)
    # A script element would be subject to the page's content security policy; the debugger is not.
    session.send("Runtime.evaluate", {"expression": source.read_text(encoding="utf-8")})
    rules = {name: {"enabled": False} for name in ignoring}
    options = {"runOnly": WCAG, "rules": rules, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    faults = [
        f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))}\n"
        f"    {node['html'][:160]}\n    {' '.join(str(node['failureSummary']).split())}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert not faults, f"{len(faults)} accessibility faults on {page.url}\n" + "\n".join(faults)
