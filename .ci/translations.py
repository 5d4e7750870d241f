"""Judge the Kazakh and Russian catalogues: every sentence of code and templates, whole, and nothing else.

It prints one line a fault; `--extract FILE` writes the template that pybabel updates the catalogues from.
Each sentence carries a translator's comment: `source: …` names where its words come from, else it says that
it needs a native reader. `--note` writes the latter wherever neither stands.
"""

import argparse
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
from babel.messages.pofile import read_po, write_po

PROJECT = Path(__file__).resolve().parent.parent
LANGUAGES = ("kk", "ru")
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")
UNREAD = "needs a native reader"
SOURCED = "source:"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def extract(target: Path) -> None:
    """Write every sentence of the sources to a PO template; places are files without lines: small diffs."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract", "--omit-header"]
    options = ["--mapping", ".ci/babel.cfg", "--add-location", "file", "--sort-by-file", "--width", "110"]
    keywords = [f"--keywords={keyword}" for keyword in KEYWORDS]
    comments = ["--add-comments=Translators:", "--strip-comments"]
    command += [*options, *keywords, *comments, "--output", str(target), "."]
    subprocess.run(command, cwd=PROJECT, check=True)


def catalogue_path(language: str) -> Path:
    return PROJECT / "consult" / "translations" / language / "LC_MESSAGES" / "messages.po"


def note(path: Path) -> int:
    """Mark every sentence of a catalogue that names no source; how many were marked."""
    with path.open("rb") as written:
        catalogue = read_po(written, locale=path.parent.parent.name)
    unmarked = [entry for entry in catalogue if entry.id and not names_source(entry.user_comments)]
    for entry in unmarked:
        entry.user_comments.append(UNREAD)
    if unmarked:
        with path.open("wb") as rewritten:
            write_po(rewritten, catalogue, width=110)
    return len(unmarked)


def names_source(comments: Iterable[str]) -> bool:
    """Whether a translator's comment says where the words come from, or that nobody has confirmed them."""
    return any(line.strip() == UNREAD or is_source(line) for line in comments)


def is_source(line: str) -> bool:
    return line.strip().startswith(SOURCED) and bool(line.strip().removeprefix(SOURCED).strip())


def catalogue_faults(language: str, path: Path, sources: polib.POFile) -> Iterator[str]:
    if not path.exists():
        yield f"{language}: there is no catalogue {path.name}"
        return
    catalogue = polib.pofile(str(path))
    forms = plural_forms(catalogue)
    if forms is None:
        yield f"{language}: the header names no Plural-Forms"
        return
    wanted = {key(entry) for entry in sources}
    found = {key(entry): entry for entry in catalogue if not entry.obsolete}
    yield from (f"{language}: not in the catalogue: {name(text)}" for text in sorted(wanted - set(found)))
    yield from (f"{language}: no page says it: {name(text)}" for text in sorted(set(found) - wanted))
    yield from (f"{language}: obsolete: {entry.msgid!r}" for entry in catalogue.obsolete_entries())
    for entry in found.values():
        yield from (f"{language}: {fault}: {name(key(entry))}" for fault in entry_faults(entry, forms))


def entry_faults(entry: polib.POEntry, forms: int) -> Iterator[str]:
    if entry.fuzzy:
        yield "fuzzy"
    if not names_source(entry.tcomment.splitlines()):
        yield f"no comment `{SOURCED} …` or `{UNREAD}`"
    given = entry.msgstr_plural if entry.msgid_plural else {0: entry.msgstr}
    expected = forms if entry.msgid_plural else 1
    if len(given) != expected or not all(text.strip() for text in given.values()):
        yield f"{sum(bool(text.strip()) for text in given.values())} of {expected} forms translated"
        return
    placeholders = marks(entry.msgid_plural or entry.msgid)
    for text in given.values():
        if marks(text) != placeholders:
            yield f"placeholders {sorted(marks(text))} instead of {sorted(placeholders)}"


def plural_forms(catalogue: polib.POFile) -> int | None:
    stated = re.search(r"nplurals\s*=\s*(\d+)", catalogue.metadata.get("Plural-Forms", ""))
    return int(stated[1]) if stated else None


def marks(text: str) -> Counter[str]:
    """Placeholders of a sentence, how often each."""
    return Counter(PLACEHOLDER.findall(text))


def key(entry: polib.POEntry) -> tuple[str, str, str]:
    return (entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def name(sentence: tuple[str, str, str]) -> str:
    context, text, _plural = sentence
    return f"{text!r} ({context})" if context else repr(text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extract", type=Path, metavar="FILE", help="only write the template")
    parser.add_argument("--note", action="store_true", help="only mark sentences without a source")
    chosen = parser.parse_args()
    if chosen.note:
        for language in LANGUAGES:
            print(f"{language}: {note(catalogue_path(language))} marked")
        return 0
    template = chosen.extract or PROJECT / "build" / "messages.pot"
    extract(template)
    if chosen.extract:
        return 0
    sources = polib.pofile(str(template))
    faults = [
        fault
        for language in LANGUAGES
        for fault in catalogue_faults(language, catalogue_path(language), sources)
    ]
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
