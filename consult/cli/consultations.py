"""`consult consultation list|show|open|extend|close|withdraw`."""

from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from consult.cli.running import application, as_json, print_json
from consult.domain.languages import Language
from consult.domain.people import OPERATOR
from consult.queries import consultations as reads
from consult.queries.consultations import ConsultationView
from consult.services import consultations

ZONE = ZoneInfo("Asia/Almaty")


@click.group()
def consultation() -> None:
    """Look after consultations."""


@consultation.command("list")
@as_json
def list_(*, is_json: bool) -> None:
    """All consultations, newest first, drafts included."""
    with application():
        found = _all()
    if is_json:
        print_json([_summary(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.slug:<40} {each.state.value:<10} {each.title}")
    if not found:
        click.echo("There is no consultation yet.")


@consultation.command()
@click.argument("slug")
@as_json
def show(slug: str, *, is_json: bool) -> None:
    """One consultation with its counts."""
    with application():
        found = reads.consultation_at(OPERATOR, slug, Language.EN)
        counts = reads.figures(found.id)
    document = _summary(found) | asdict(counts)
    if is_json:
        print_json(document)
        return
    for name, value in document.items():
        click.echo(f"{name}: {value}")


@consultation.command("open")
@click.argument("slug")
def open_(slug: str) -> None:
    """Publish a draft; it opens at its opening time, or now."""
    with application():
        state = consultations.open_consultation(OPERATOR, _id(slug))
    click.echo(f"{slug} is {state.value}.")


@consultation.command()
@click.argument("slug")
def close(slug: str) -> None:
    """Record that a consultation has closed by its clock; it cannot be closed sooner."""
    with application():
        state = consultations.close_consultation(OPERATOR, _id(slug))
    click.echo(f"{slug} is {state.value}.")


@consultation.command()
@click.argument("slug")
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
              help="New closing time on Kazakhstan's clocks, as 2026-12-31T18:00.")  # fmt: skip
def extend(slug: str, until: datetime) -> None:
    """Move the closing to a later time."""
    with application():
        consultations.extend_consultation(OPERATOR, _id(slug), until.replace(tzinfo=ZONE))
    click.echo(f"{slug} closes on {until:%Y-%m-%d %H:%M}.")


@consultation.command()
@click.argument("slug")
@click.option("--reason", required=True, help="Shown to everybody.")
def withdraw(slug: str, reason: str) -> None:
    """Take a consultation back at once; its address stays and shows the reason."""
    with application():
        consultations.withdraw_consultation(OPERATOR, _id(slug), reason)
    click.echo(f"{slug} is withdrawn.")


def _id(slug: str) -> int:
    return reads.consultation_at(OPERATOR, slug, Language.EN).id


def _all() -> list[ConsultationView]:
    found: list[ConsultationView] = []
    before: int | None = None
    while True:
        page = reads.list_consultations(OPERATOR, Language.EN, before=before)
        found.extend(page.consultations)
        if page.next_before is None:
            return found
        before = page.next_before


def _summary(found: ConsultationView) -> dict[str, object]:
    return {
        "slug": found.slug,
        "state": found.state.value,
        "opens_at": found.opens_at.isoformat() if found.opens_at else None,
        "closes_at": found.closes_at.isoformat() if found.closes_at else None,
        "title": found.title.text,
    }
