"""English words for the frame of a meeting; see `logistics` for how the lists are used."""

_EVENT = (
    r"(?:workshop|meeting|seminar|conference|forum|session|event|day|summit|round ?table|congress|training"
    r"|plenary|school|course|consultation|exhibition)s?"
)
_SPEECH = (
    r"(?:remarks?|sessions?|ceremony|address\w*|speech\w*|statements?|words?|comments"
    r"|notes?|by|plenary|welcome|closing|discussions?)\b"
)
_PEOPLE = r"(?:the )?(?:partic|guest|deleg|attend|media|memb|visit|speak|press)"

LEADING = (
    # coming, eating, going
    rf"registration(?=\W*$|\W+(?:and|&|desk|opens?|with|for|tea|coffee|{_PEOPLE}|of {_PEOPLE})|\s?[-/(:])",
    r"(?:morning |afternoon |health |short |mid-morning |networking )?(?:coffee|tea)\W*$",
    (
        r"(?:morning |afternoon |health |short |networking )?(?:coffee|tea)\W+(?:coffee|tea|break"
        r"|and|snack|served|with|for)\b"
    ),
    (
        r"(?:networking |working |buffet |light |welcome |official |gala |farewell |group |business )*"
        r"(?:lunch(?:eon)?|dinner|breakfast|cocktails?|reception|refreshments|buffet)\b"
    ),
    r"(?:short |comfort |health |networking |\d+[- ]min\w* )?(?:break|recess|pause)(?=$|[\s:(.,-])",
    r"(?:arrivals?|departures?|transfers?|check-?in|check-?out|accommodation|pick-?up|travel)\W*$",
    (
        r"(?:arrivals?|departures?|transfers?|check-?in|check-?out|pick-?up|travel)\W+(?:of|to"
        r"|from|and|at|back|for)\b"
    ),
    r"networking\b|site visits?\b|(?:field|study) (?:visit|trip|tour)s?\b|sightseeing",
    r"excursion|city tour|free (?:time|evening)",
    r"(?:cultural|social|evening) (?:program|event|evening)\w*",
    rf"end of (?:the )?(?:\w+ )?(?:program\w*|{_EVENT})",
    # opening and closing
    rf"welcom(?:e|ing)(?=\W*$|\W+(?:and|by|to|from|mr|ms|mrs|dr|coffee|reception|{_SPEECH})|\s?[:,.&(])",
    r"greetings?\b",
    (
        r"(?:official |formal |ceremonial |grand |ministerial )?(?:opening|closing|closure"
        r"|introductory|concluding|inaugural)"
        rf"(?=\W*$|\s?[:&,/(-]|\s(?:and |& |welcome |plenary )*{_SPEECH}"
        rf"|\sof (?:the )?(?:\w+ ){{0,3}}{_EVENT}\b)"
    ),
    r"(?:final |brief )?wrap[- ]?up\b|conclusions? and (?:next|clos|way|wrap|recomm|final|fare)\w*|recap\b",
    r"summary (?:of|and) (?:the )?(?:day|discussion|closing|conclusion|session|workshop|main)\w*",
    rf"(?:evaluation|feedback) (?:of|on) (?:the )?{_EVENT}\W*$",
    r"(?:workshop|seminar|course) (?:evaluation|feedback)",
    (
        r"introductions?\W+(?:and|of|to|by)\s(?:the )?(?:participants?|facilitators?"
        r"|partners|team|trainers|objectives?"
        rf"|agenda|program\w*|welcome|tour|mr|ms|dr|{_EVENT})\b|(?:self|participant)s?[ -]introductions?"
    ),
    (
        r"(?:presentation|overview|review) of (?:the )?(?:\w+ )?(?:agenda|program(?:me)?"
        r"|objectives|methodology|participants)\b"
        r"(?! of )"
    ),
    r"tour de table|ice-?breaker|housekeeping|practical information|logistics\W*$",
    r"technical (?:check|set-?up|test)|doors open",
    r"administrative (?:matters|arrangements|announcements)|sound check|set-?up\W*$",
    r"restitution\b|report(?:ing)?[- ]?backs?",
    r"feedback from (?:the )?(?:working |discussion )?(?:groups|break)",
    r"debrief\w*|group (?:work|photo)\b",
    r"next steps and (?:clos|eval|wrap|concl|final|fare|feedback)\w*",
    r"presentations? (?:of|by|from) (?:the )?(?:working |break-?out )?groups?\b",
    (
        r"(?:family |group |official |commemorative )?photo(?:graph)?s?(?:\W*$|[- ]?(?:session"
        r"|op\b|opportunity|and|with|of))"
    ),
    r"(?:press|media)[- ]?(?:conference|briefing|point|approach|event|opportunity|scrum|statement)s?\b",
    r"live (?:broadcast|stream)\w*|webcast|(?:gala |evening |closing )?concert\b",
    r"(?:award|prize|signing|presentation|medal|certificate)s?(?: \w+)? ceremony|certificates?\W*$",
    (
        r"(?:distribution|presentation|award\w*|handing)(?: out)? (?:of )?(?:the )?(?:certificates"
        r"|awards|diplomas|prizes)"
    ),
    r"exhibition (?:opening|tour|visit)|(?:q ?(?:&|and) ?a|questions? (?:&|and) answers?)\b",
)
PROCEDURE = (
    r"call to order|roll[- ]?call|pledge of allegiance|invocation\b|moment of silence|quorum\b|adjourn\w*",
    r"(?:executive|closed) session\b|in camera\W*$|apologies\b|declarations? of (?:\w+ )*interests?",
    (
        r"(?:approval|adoption|confirmation|review|acceptance|reading|correction"
        r"|ratification|amendments?)\w* (?:of|to) (?:the )?"
        r"(?:\S+ ){0,3}?(?:agenda|minutes|consent|order of business|order of the day)\b"
    ),
    r"minutes\b(?=\W*$| of| from|[,.:;(])|consent (?:agenda|calendar|items?)\b",
    r"correspondence\b|announcements?\b|proclamations?\b",
    r"communications?(?=\W*$| and| from|[,.:;])|audience participation|hearing of citizens|open forum\W*$",
    (
        r"(?:public|citizen|council|board|member|commissioner|mayor|staff|committee)\w*[’']?s?['’]? "
        r"(?:comments?|communications?|announcements?|participation|remarks)\b(?! (?:on"
        r"|in)\b)|public (?:forum|input|hearings?)\W*$"
    ),
    (
        r"(?:\w+[’']s|\w+s['’]) reports?\W*$|(?:\w+ )?(?:city|town|county|committee|staff"
        r"|department|treasurer|manager|clerk|mayor"
        r"|chair|president|officer|board|council|administrator|attorney"
        r"|superintendent)\w*[’']?s?['’]?(?: \w+)? reports?\W*$"
    ),
    r"action memoranda|(?:unfinished|old|new|other|any other|further|general) business\b",
    r"record of items|varia\W*$|miscellaneous\b",
    r"any other (?:business|matters?|items?)|a\.?o\.?b\.?\W*$|other (?:matters|items|issues|questions)\W*$",
    r"items? (?:for|from) (?:the )?(?:next|future)",
    r"(?:date|time)[\w ,]{0,30} of (?:the )?next meeting|next meeting\b",
    r"election of (?:the )?(?:chair|rapporteur|officers|vice|bureau|secretary)\w*",
    r"introduction of (?:guests|ordinances?\W*$)",
    r"appointment of (?:the )?(?:chair|rapporteur)\w*",
)
WHOLE = (
    r"(?:parallel|break-?out|concurrent|thematic|working)(?: \w+)? (?:sessions?|groups?|workshops?)",
    r"discussions?|debates?|conclusions?|summary|next steps|(?:the )?way forward",
    r"introductions?|reports?|presentations?|speeches",
    r"statements?|remarks|keynotes?(?: (?:speech|address|speaker)(?:es|s)?)?|public hearings?",
    r"working groups?|group work|plenary",
    r"exhibition|agenda|programme|program|questions?|evaluation|feedback|end|close|closed",
    r"start|preparation|others?|tb[ca]",
    r"ceremony|movie|film|video(?: clip)?|music\w*|poster session|posters|closing|opening",
    r"sessions?|panels?|speakers?|moderator",
)
ANYWHERE = (
    r"coffee|lunch|dinner|breakfast|group photo|press conference|roll[- ]call|wrap[- ]up",
    r"(?:welcome|opening|closing) (?:remarks|speech|address)",
)
