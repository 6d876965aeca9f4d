"""Where each block stands: its headings, the line that introduces its list, and what kind of section that makes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.documents.prose.inline import tidy
from bot.domain.documents.prose.probabilities import Stated, holds_for_a_list, stands_alone
from bot.domain.documents.prose.shapes import Block, BlockKind


class Role(StrEnum):
    """What a section is, as far as its heading or its first words say."""

    PLAIN = ""
    PREDICTIONS = "predictions"
    DISCLAIMED = "the author says that these are no predictions"
    OTHERS = "these are other people's predictions"
    APPARATUS = "this section holds no predictions by its title"
    SUMMARY = "this section repeats predictions made elsewhere in the document"
    REVIEW = "this section looks back on an earlier year"


REFUSED = (Role.DISCLAIMED, Role.APPARATUS, Role.OTHERS, Role.REVIEW, Role.SUMMARY)
"""Sections in which no prediction is looked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands."""

    headings: tuple[int, ...]
    """Indexes of the headings above it, the highest first."""
    path: tuple[str, ...]
    lead: int | None
    """Index of the paragraph that introduces its list: "In 2026:"."""
    role: Role
    tier: str | None
    """A heading's or lead's words of likelihood: "Most likely"."""
    stated: Stated | None
    """A heading or lead that is nothing but a probability holds for all below it."""
    holder: int | None = None
    """Index of that heading or lead."""


_TIER = re.compile(
    r"(?:(?:most|very|highly|extremely|somewhat|quite|more|less|least|un)?\s?-?(?:un)?likely|(?:almost|nearly)\s+certain(?:ly)?|certain(?:ties|ty)?|"
    r"(?:im)?(?:possible|probable)|possibilities|(?:high|medium|moderate|low|very high|very low)(?:\s+(?:confidence|probability|likelihood|certainty|conviction))|"
    r"long\s?shots?|safe\s+bets?|sure\s+things?|toss-?ups?|coin\s?flips?|wild\s?cards?|outlandish|moonshots?|even\s+odds|remote|confident|pretty\s+sure|speculative|(?:won[’']t(?:\s+be)?|not(?:\s+g\w+)?(?:\s+to)?|never\s+going\s+to|isn[’']t|might(?:\s+not)?|could|may|will)\s+happen(?:ing)?|maybe|perhaps|plausible|definite(?:ly)?|guaranteed|no\s+(?:chance|way)|sure\b|too\s+close\s+to\s+call|the\s+gimmes?|near[\s-]certain|probably(?:\s+not)?|doubtful|improbable)",
    re.IGNORECASE,
)
_TIER_BEGINS = re.compile(
    r"^(?:(?:the|these|those|some)\s+)?(?:(?:things?|what|stuff|events?|ones?|predictions?|rumou?rs?|ideas?|those|which)\s+)?(?:that\s+|which\s+)?(?:i\s+(?:think|believe|expect|consider|find|feel|am|[’']m)\s+)?(?:(?:are|is|to\s+be|will\s+be|as)\s+)?",
    re.IGNORECASE,
)
_PREDICTIONS = re.compile(
    r"\b(?:predict|(?:i\s+)?expect\b|pron[óo]stic|previs[ãi]o|previsioni|voorspel|verwacht|calls\s+for|forecasts?\b|prophec|prognos|bets?\b|guess|what\s+(?:will|to\s+expect)|expectations|vorhersage|prédiction|predicci|predic[õç]|next\s+year|will\s+happen|"
    r"the\s+(?:year|years|decade)\s+ahead|looking\s+ahead|crystal\s+ball|\boutlook\s+for\s+20\d\d|20\d\d\s+outlook|the\s+(?:next|coming)\s+(?:\w+\s+)?(?:years|decade)\b|what[’']?s\s+(?:ahead|coming)\b|chances\s+are(?:\s+that)?\W*$)",
    re.IGNORECASE,
)
_DISCLAIMED = re.compile(
    r"\b(?:not|n[o']t|n’t|no)\s+(?:really\s+|actually\s+|going\s+to\s+|making\s+|make\s+|any\s+|a\s+|be\s+|my\s+|formal\s+|offering\s+)*predict(?:ion|ions|ing|ed)?\b"
    r"(?!\s+(?:market|contest|came|was|were|is|has|have|of\s+mine|i\s+made))",
    re.IGNORECASE,
)
_DISCLAIMS = re.compile(_DISCLAIMED.pattern.replace("predict(?:ion|ions|ing|ed)?", "predict(?:ions|ing)"), re.IGNORECASE)
_NONE_HERE = re.compile(
    r"\bno\s+(?:forecasts?|predictions?)\s+(?:of\s+(?:mine|my\s+own)\s+)?(?:in\s+)?(?:here|this)\b|\bnot\s+a\s+list\s+of\s+predictions",
    re.IGNORECASE,
)
_DISCLAIMED_TITLE = re.compile(
    r"(?:topics?|things?|what|stor(?:y|ies)|startups?|companies|people|trends?|sources?)\s+(?:i'?m\s+|i\s+am\s+)?(?:to\s+)?(?:watch|track|follow|keep)|wish\s*list|hopes?\b|goals|resolutions\b|"
    r"(?:predictions?|things|calls|what)\s+(?:that\s+)?i\s+(?:did\s?n[o’']?t|did\s+not|should\s+have|forgot|never|wish)\b|non-?predictions|not\s+predict|follow\s+these|emerging|rejected|not\s+for\s+points|toy\b|examples?\b|template\b|hypothetical|practi[cs]e|questions\s+you|wishes|a\s+toy|didn'?t\s+make\s+the\s+(?:cut|list)|questions\s+i|open\s+questions",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:other\s+people|others?['’]|friends?['’]?s?\s+(?:predict\w*|guess\w*|bets?)|readers?['’]?|guest|(?:community|experts?|crowd)(?:[’']s)?\s+(?:predict\w*|forecast\w*|median|says?)|metaculus|polymarket|manifold|what\s+others|elsewhere)\b",
    re.IGNORECASE,
)
_APPARATUS = re.compile(
    r"^\W*(?:references?|sources?|links?|footnotes?|foot\s?notes|notes|bibliography|related(?:\s+\w+)?|further\s+reading|comments?|about(?:\s+\w+)?|acknowledge?ments?|(?:table\s+of\s+)?contents?|toc|"
    r"change\s?log|disclaimers?|method(?:s|ology)?|how\s+(?:i|this|it)\s+.*|rules(?:\s+.*)?|scoring(?:\s+.*)?|my\s+scores?|scores?|calibration(?:\s+.*)?|performance|statistics|stats|analysis|brier(?:\s+.*)?|"
    r"background|context|considerations|introduction|intro|preamble|stakes|wagers?|conclusions?|final\s+thoughts|closing(?:\s+.*)?|lessons(?:\s+.*)?|reflections?|takeaways?|appendix|external\s+links|see\s+also|"
    r"resources|subscribe|share|tags|key\s+(?:players|research|benchmarks)|faqs?|frequently\s+asked\s+questions|q\s?(?:&|and)\s?a|glossary|definitions?|terms)\W*$",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(?:summary|summar(?:ised|ized)|tl;?\s?dr|in\s+(?:brief|short)|en\s+bref|at\s+a\s+glance|recap|zusammenfassung|overview|all\s+(?:predictions\s+)?in\s+one\s+(?:place|table)|quick\s+(?:list|reference)|cheat\s?sheet)\b",
    re.IGNORECASE,
)
_REVIEW = re.compile(
    r"\b(?:review|grad(?:ed|ing)|scor(?:ed|ing)|results?|how\s+(?:did|i\s+did|my)|looking\s+back|retrospective|last\s+year|revisit(?:ing|ed)?|evaluat\w+|follow-?up|recap|previous|past\s+predictions|report\s+card|rückblick|auswertung|bilanz|rétrospective|bilan|retrospectiva|terugblik)\b",
    re.IGNORECASE,
)
_OWN_LEAD = re.compile(r"\b(?:my|i|our|we|here|following)\b|\bpredictions?\W*$|\b20\d\d\b", re.IGNORECASE)
_LOOKS_BACK = re.compile(r"\b(?:was|were|had|made|got|thought|should\s+have)\b", re.IGNORECASE)
_ENDING = 160
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


def read_places(blocks: list[Block], *, title: str | None, year: int | None) -> list[Place]:
    """The place of each block, in order. `year` is the one that the document's predictions are about."""
    places: list[Place] = []
    stack: list[int] = []
    roles: list[Role] = []
    lead: int | None = None
    lead_role = Role.PLAIN
    is_review = bool(title and _REVIEW.search(title))
    kept: dict[int, Stated | None] = {}

    def held(at: int) -> Stated | None:
        if at not in kept:
            kept[at] = holds_for_a_list(blocks[at].text)
        return kept[at]

    disclaims_all = any(_NONE_HERE.search(block.text) for block in blocks[:3])
    for index, block in enumerate(blocks):
        level = heading_level(block)
        if level is not None:
            while stack and (heading_level(blocks[stack[-1]]) or 1) >= level:
                stack.pop()
                roles.pop()
            stack.append(index)
            roles.append(_role(block.text, year, is_review=is_review, is_title=not places))
            lead = None
        elif _is_lead(blocks, index):
            lead, lead_role = index, _lead_role(block.text, year, is_review=is_review)
        elif block.kind is BlockKind.PARAGRAPH and block.parent is None:
            lead = None
        if (
            level is None
            and lead != index
            and block.kind is BlockKind.PARAGRAPH
            and roles
            and _DISCLAIMS.search(block.text)
            and len(block.text) < 400
        ):
            roles[-1] = Role.DISCLAIMED
        headings = tuple(stack)
        role = next((role for role in reversed(roles) if role is not Role.PLAIN), Role.PLAIN)
        if (
            lead is not None
            and lead_role is not Role.PLAIN
            and (role is not Role.APPARATUS or lead_role is not Role.PREDICTIONS or _announces(blocks[lead].text))
        ):
            role = lead_role
        role = Role.DISCLAIMED if disclaims_all else role
        above = ((lead,) if lead is not None else ()) + headings[::-1]
        near = [blocks[at].text for at in above]
        holder = next((at for at in above[:2] if at != index and (held(at) is not None)), None)
        places.append(
            Place(
                headings,
                tuple(tidy(blocks[at].text).rstrip(": ") for at in headings),
                lead,
                role,
                next((tier for text in near if (tier := tier_of(text))), None),
                held(holder) if holder is not None else None,
                holder,
            )
        )
    return places


def heading_level(block: Block) -> int | None:
    """The rank of a heading; a short paragraph that is bold from end to end is one as well, below the others."""
    if block.kind is BlockKind.HEADING:
        return block.level
    text = block.text.strip()
    if block.kind is BlockKind.PARAGRAPH and block.parent is None and len(text) < 90 and "\n" not in text and block.bold:
        span = block.bold[0]
        rest = block.text[: span.start] + block.text[span.end :]
        if not rest.strip(" \t:*_") and holds_for_a_list(text) is None:
            return 7
    return None


def tier_of(text: str) -> str | None:
    """The words of likelihood that a heading consists of or begins with."""
    plain = _TIER_BEGINS.sub("", re.sub(r"^[\W\d_]+", "", text).strip())
    found = _TIER.match(plain)
    if found is None or not re.match(r"\W|$", plain[found.end() :]) or len(plain) > 60:
        return None
    return tidy(plain).rstrip(":. ")


def is_predictive_title(text: str) -> bool:
    """Whether a title announces predictions."""
    return bool(_PREDICTIONS.search(text))


def is_review_title(text: str) -> bool:
    """Whether a title announces grades of earlier predictions."""
    return bool(_REVIEW.search(text))


def _is_lead(blocks: list[Block], index: int) -> bool:
    block = blocks[index]
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if block.kind is not BlockKind.PARAGRAPH or block.parent is not None or following is None:
        return False
    if following.kind not in (BlockKind.ITEM, BlockKind.ROW):
        return stands_alone(block.text.strip().rstrip(":")) is not None and block.text.strip().endswith(":")
    text = block.text.strip()
    if len(text) > 400:
        return False
    ends_openly = text.endswith((":", ",", "…", "...")) or (len(text) < 60 and not text.endswith((".", "!", "?")))
    asks = text.endswith("?") and len(text) < 120 and "%" in following.text
    announces = following.kind is BlockKind.ITEM and _PREDICTIONS.search(text[-_ENDING:]) is not None
    return ends_openly or asks or announces or holds_for_a_list(text) is not None or _DISCLAIMS.search(text) is not None


def _announces(lead: str) -> bool:
    """Whether a line above a list says that the author's predictions follow, and doesn't look back on them."""
    return _OWN_LEAD.search(lead) is not None and _LOOKS_BACK.search(lead) is None


def _lead_role(text: str, year: int | None, *, is_review: bool) -> Role:
    """Of a line above a list, less is said about what the list is than by a heading."""
    if _DISCLAIMS.search(text):
        return Role.DISCLAIMED
    role = _role(text, year, is_review=is_review)
    return role if role is Role.PREDICTIONS or len(text) < 80 else Role.PLAIN


def _role(text: str, year: int | None, *, is_review: bool, is_title: bool = False) -> Role:
    plain = tidy(re.sub(r"^[\W\d_]+", "", text))
    if _DISCLAIMED.search(plain) or _DISCLAIMED_TITLE.match(plain):
        return Role.DISCLAIMED
    if is_title:  # a page's own title says what it is about, not what to pass over
        return Role.PREDICTIONS if _PREDICTIONS.search(plain) else Role.PLAIN
    if _OTHERS.search(plain) and len(plain) < 80:
        return Role.OTHERS
    if _APPARATUS.match(plain):
        return Role.APPARATUS
    if _SUMMARY.search(plain) and len(plain) < 80 and not is_title:
        return Role.SUMMARY
    years = [int(found) for found in _YEAR.findall(text)]
    if (
        years
        and year is not None
        and max(years) < year
        and not is_review
        and len(plain) < 100
        and (_REVIEW.search(plain) or _PREDICTIONS.search(plain))
    ):
        return Role.REVIEW
    if re.search(r"\blast\s+year", plain, re.IGNORECASE) and not is_review and len(plain) < 80:
        return Role.REVIEW
    return Role.PREDICTIONS if _PREDICTIONS.search(plain) else Role.PLAIN
