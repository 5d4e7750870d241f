"""`consult opinion`."""

import csv
from pathlib import Path
from typing import Any

import click

from consult.cli.running import application, as_json, print_json
from consult.domain.errors import Reason, Refused
from consult.domain.languages import Language
from consult.domain.opinion import Clarity
from consult.domain.people import OPERATOR
from consult.queries import opinion as reads
from consult.queries.consultations import consultation_at
from consult.queries.opinion import CommonStatement, OpinionView
from consult.services.opinion import compute_opinion

SAID = {
    Clarity.CLEAR: "The groups are found again in samples of the people and stand apart.",
    Clarity.BLURRED: "The groups are found again in samples of the people, but they run into each other.",
    Clarity.NONE: "There are no clear groups: in samples of the people they are not found again.",
}


@click.command()
@click.argument("slug")
@click.option(
    "--membership", type=click.Path(path_type=Path, dir_okay=False), help="CSV file: participant,group,x,y."
)
@as_json
def opinion(slug: str, membership: Path | None, *, is_json: bool) -> None:
    """Compute the opinion groups of a consultation from the votes of now, and keep them."""
    with application() as app:
        is_new = compute_opinion(
            OPERATOR, slug, smallest_group=app.extensions["consult_settings"].smallest_group
        )
        consultation_id = consultation_at(OPERATOR, slug, Language.EN).id
        found = reads.opinion_of(consultation_id)
        if found is None:
            raise Refused(Reason.NOT_FOUND)
        if membership is not None:
            _write_members(consultation_id, membership)
    if is_json:
        print_json(_document(found, membership))
        return
    _tell(found, is_new=is_new)


def _write_members(consultation_id: int, file: Path) -> None:
    try:
        with file.open("w", encoding="utf-8", newline="") as out:
            lines = csv.writer(out)
            lines.writerow(["participant", "group", "x", "y"])
            for member in reads.members_of(consultation_id):
                lines.writerow([member.participant, member.letter, repr(member.x), repr(member.y)])
    except OSError:
        raise Refused(Reason.FOLDER_NOT_WRITABLE) from None


def _tell(found: OpinionView, *, is_new: bool) -> None:
    run = found.run
    click.echo(f"{run.votes} votes of {run.participants} participants on {run.statements} statements.")
    click.echo(SAID[run.clarity])
    click.echo(f"Groups: {run.k}, silhouette {run.silhouette:.2f}, stability {run.stability:.2f}.")
    for group in found.groups:
        standing = ", ".join(f"{one.side.word} {one.comment_id}" for one in group.representatives)
        click.echo(f"{group.letter}: {group.size} people; {standing}" if standing else f"All: {group.size}")
    if run.moved is not None:
        click.echo(f"In another group than in the computation before: {run.moved}.")
    if not is_new:
        click.echo("Nobody has voted since: these groups were kept.")


def _document(found: OpinionView, membership: Path | None) -> dict[str, Any]:
    run = found.run
    return {
        "participants": run.participants,
        "grouped": run.grouped,
        "statements": run.statements,
        "statements_left_out": run.left_out,
        "votes": run.votes,
        "k": run.k,
        "best_k": run.best_k,
        "clarity": run.clarity.value,
        "silhouette": run.silhouette,
        "stability": run.stability,
        "moved": run.moved,
        "computed_at": run.computed_at.isoformat(),
        "groups": [
            {
                "label": group.letter,
                "size": group.size,
                "representative": [
                    {"comment_id": one.comment_id, "side": one.side.word, "score": one.score}
                    for one in group.representatives
                ],
            }
            for group in found.groups
        ],
        "consensus": {side.word: _listed(statements) for side, statements in found.common.items()},
        "majority": {side.word: _listed(statements) for side, statements in found.majority.items()},
        "membership_file": str(membership) if membership else None,
    }


def _listed(statements: tuple[CommonStatement, ...]) -> list[dict[str, Any]]:
    return [
        {
            "comment_id": one.comment_id,
            "score": one.score,
            "agree": one.tally.agree,
            "disagree": one.tally.disagree,
            "pass": one.tally.pass_,
        }
        for one in statements
    ]
