"""News: what became of one's comments, replies to them, and what happens to a consultation.

Each is a letter of its own, or an item of the daily one; the sentences are the same.
"""

from collections.abc import Callable, Mapping

from consult.domain.appeals import APPEAL_WITHIN
from consult.domain.mail import Kind
from consult.queries.mail import AppealNews, CommentNews, ConsultationNews, News
from consult.web import words
from consult.web.formats import day, instant
from consult.web.i18n import gettext as _
from consult.web.i18n import ngettext
from consult.web.letters.phrasing import Button, Link, Phrased, Quote

TITLE_IN_SUBJECT = 100
"""Characters; mail programs show fewer."""


def phrase(news: News, link: Link) -> Phrased:
    """The sentences of news, in the language of the moment."""
    if isinstance(news, CommentNews):
        return ABOUT_COMMENTS[news.kind](news, link)
    if isinstance(news, AppealNews):
        return ABOUT_APPEALS[news.kind](news, link)
    return ABOUT_CONSULTATIONS[news.kind](news, link)


def _published(news: CommentNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("Your comment was published"),
        before=(_("Your comment was published. Everybody can read, answer and judge it now."),),
        quote=_quote(news),
        button=_to_comment(news, link),
    )


def _withheld(news: CommentNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("Your comment was withheld"),
        before=(
            _("A moderator withheld your comment. Others see only that something stood there, and the rule."),
            *_rule(news),
            _("Reason of the moderator: %(reason)s", reason=news.reason),
        ),
        quote=_quote(news),
        button=Button(_("See the decision or appeal"), _to_appeal(news, link)),
        after=(*_another_try(news), *_if_wrong(news)),
    )


def _rule(news: CommentNews) -> tuple[str, ...]:
    if news.rule is None or news.rule not in words.RULE_TITLES:
        return ()
    return _("Rule: %(title)s", title=words.RULE_TITLES[news.rule]), str(words.RULE_TEXTS[news.rule])


def _another_try(news: CommentNews) -> tuple[str, ...]:
    if not news.consultation.is_open:
        return ()
    return (_("While the consultation is open you can say it again in words that keep to the rules."),)


def _redacted(news: CommentNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("Passages of your comment were taken out"),
        before=(
            _("A moderator took passages out of your comment. The rest is published, as it stands here."),
            *_rule(news),
            _("Reason of the moderator: %(reason)s", reason=news.reason),
        ),
        quote=_quote(news),
        button=Button(_("See the decision or appeal"), _to_appeal(news, link)),
        after=_if_wrong(news),
    )


def _restored(news: CommentNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("Your comment is published again"),
        before=(_("A moderator looked at your comment once more. It is published again."),),
        quote=_quote(news),
        button=_to_comment(news, link),
    )


def _waits_again(news: CommentNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("Your comment is being read again"),
        before=(_("A moderator took back the decision about your comment. It waits to be read again."),),
        quote=_quote(news),
        button=Button(_("See your comment and its state"), link("citizens.contributions")),
    )


def _reply(news: CommentNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("A reply to your comment"),
        before=(
            _("%(name)s replied to your comment.", name=news.author)
            if news.author
            else _("A former participant replied to your comment."),
        ),
        quote=_quote(news),
        button=Button(_("Read and answer"), link("public.comment", **_place(news))),
    )


def _appeal_decided(news: AppealNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("Your appeal is decided"),
        before=(
            _("Somebody else than the first moderator has looked at your comment and at your appeal."),
            _("Decision: %(verdict)s.", verdict=words.APPEAL_VERDICTS[news.verdict]),
            _("Reason: %(reason)s", reason=news.reason),
        ),
        quote=Quote(news.body, news.language),
        button=Button(_("Read the decision"), link("citizens.appeal", comment_id=news.comment_id)),
        after=(_("Your appeal has the number %(number)s.", number=news.number),),
    )


def _opened(news: ConsultationNews, link: Link) -> Phrased:
    title, closes = _title(news), instant(news.consultation.closes_at)
    return Phrased(
        subject=_("Open now: %(title)s", title=title),
        before=(
            _("A consultation that you follow has opened."),
            _("You can take part until %(closing)s (time in Kazakhstan).", closing=closes),
        ),
        button=Button(_("Take part"), _address(news, link)),
    )


def _closing_soon(news: ConsultationNews, link: Link) -> Phrased:
    title, closes = _title(news), instant(news.consultation.closes_at)
    return Phrased(
        subject=_("Closing soon: %(title)s", title=title),
        before=(
            _("The consultation closes on %(closing)s (time in Kazakhstan).", closing=closes),
            _("There are questions that you have not answered yet. You may leave any of them out."),
        ),
        button=Button(_("Go on where you stopped"), _address(news, link)),
    )


def _extended(news: ConsultationNews, link: Link) -> Phrased:
    title, closes = _title(news), instant(news.consultation.closes_at)
    return Phrased(
        subject=_("Open for longer: %(title)s", title=title),
        before=(
            _(
                "The closing was moved. You can take part until %(closing)s (time in Kazakhstan).",
                closing=closes,
            ),
            _("Your votes and comments stay, and you can still change them."),
        ),
        button=Button(_("Take part"), _address(news, link)),
    )


def _outcome(news: ConsultationNews, link: Link) -> Phrased:
    return Phrased(
        subject=_("The answer is published: %(title)s", title=_title(news)),
        before=(
            _("The responsible authority has answered what people said. Read what was decided and why."),
        ),
        button=Button(_("Read the answer"), link("public.outcome", slug=news.consultation.slug)),
    )


def _if_wrong(news: CommentNews) -> tuple[str, ...]:
    return (
        ngettext(
            "If you think that this is wrong, you can appeal once, within %(num)s day, also after closing."
            " Somebody else than this moderator decides.",
            "If you think that this is wrong, you can appeal once, within %(num)s days, also after closing."
            " Somebody else than this moderator decides.",
            APPEAL_WITHIN.days,
        ),
        _(
            "If you have a question, write to the contact of the consultation, %(contact)s, "
            "and name the number of your comment, %(number)s.",
            contact=news.consultation.contact,
            number=news.comment_id,
        ),
    )


def _to_appeal(news: CommentNews, link: Link) -> str:
    return link("citizens.appeal", comment_id=news.comment_id)


def _answer_due(news: ConsultationNews, link: Link) -> Phrased:
    title, due = _title(news), day(news.consultation.answer_due_on)
    button = Button(_("Answer the comments"), link("officials.analysis", slug=news.consultation.slug))
    if news.consultation.answer_overdue:
        return Phrased(
            subject=_("Answer overdue: %(title)s", title=title),
            before=(
                _("The answer to this consultation was promised for %(day)s and is not published.", day=due),
                _("Its public page says that the answer is overdue. You are reminded every week."),
            ),
            button=button,
        )
    return Phrased(
        subject=_("An answer is due: %(title)s", title=title),
        before=(
            _("The answer to this consultation is promised for %(day)s.", day=due),
            _("It can be published when every comment has an official position and the outcome is written."),
        ),
        button=button,
        after=(_("After that day the public page says that the answer is overdue."),),
    )


def _quote(news: CommentNews) -> Quote:
    return Quote(news.body, news.language)


def _to_comment(news: CommentNews, link: Link) -> Button:
    return Button(_("See your comment"), link("public.comment", **_place(news)))


def _place(news: CommentNews) -> dict[str, object]:
    return {"slug": news.consultation.slug, "comment_id": news.comment_id}


def _address(news: ConsultationNews, link: Link) -> str:
    return link("public.consultation", slug=news.consultation.slug)


def _title(news: ConsultationNews) -> str:
    title = " ".join(str(news.consultation.title).split())
    return title if len(title) <= TITLE_IN_SUBJECT else f"{title[:TITLE_IN_SUBJECT].rstrip()}…"


ABOUT_COMMENTS: Mapping[Kind, Callable[[CommentNews, Link], Phrased]] = {
    Kind.COMMENT_PUBLISHED: _published,
    Kind.COMMENT_WITHHELD: _withheld,
    Kind.COMMENT_REDACTED: _redacted,
    Kind.COMMENT_RESTORED: _restored,
    Kind.COMMENT_WAITS_AGAIN: _waits_again,
    Kind.REPLY_RECEIVED: _reply,
}
ABOUT_APPEALS: Mapping[Kind, Callable[[AppealNews, Link], Phrased]] = {Kind.APPEAL_DECIDED: _appeal_decided}
ABOUT_CONSULTATIONS: Mapping[Kind, Callable[[ConsultationNews, Link], Phrased]] = {
    Kind.CONSULTATION_OPENED: _opened,
    Kind.CONSULTATION_CLOSING_SOON: _closing_soon,
    Kind.CONSULTATION_EXTENDED: _extended,
    Kind.OUTCOME_PUBLISHED: _outcome,
    Kind.ANSWER_DUE: _answer_due,
}
