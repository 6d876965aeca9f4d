"""Several outcomes of one question: `A/B/C: 50%/40%/10%`, "either (a) ... or (b) ...", and medians with their interval."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.documents.prose.candidates import OptionWords, Quantiles
from bot.domain.documents.prose.inline import tidy
from bot.domain.errors import Refused
from bot.domain.probabilities import read_quantity

_SHARES = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d+)?\s?%?(?:\s?/\s?\d{1,3}(?:\.\d+)?\s?%?){1,9})(?![\d/])")
_LETTERED = re.compile(r"\(([a-e])\)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+/\s+|/|\s+vs\.?\s+|\s*\|\s*")
_OPENING = re.compile(r"[:?]\s")
_LISTED = re.compile(
    r"(?:or\s{1,20}|and\s{1,20})?(?P<name>[^%()]{1,40}?)\s{0,20}[:(=–-]?\s{0,20}(?P<share>\d{1,3}(?:\.\d+)?)\s?%\)?"
)
_CLAUSES = re.compile(r"(?<=[%)])[.;,]\s+(?:and\s+)?|(?<=[a-z])[.;]\s+")
_SAID = re.compile(
    r"(?:and\s+|then\s+)?(?P<name>[^\W\d_][^%\n]{1,60}?)(?:\s+(?:wins?|has|have|gets?|takes?|is|are|at|with|on|the\s+rest)){0,3}[\s,:(–—-]{1,4}(?P<share>\d{1,3}(?:\.\d+)?)\s?%[)]?",
    re.IGNORECASE,
)
_MOST_TOLD, _LONGEST_TOLD = 12, 600
_FEWEST = 3
_SUM_TOLERANCE = 2.0
_SIGN = r"(?:(?<![\w.,%])[-−–﹣－](?=[$€£]?\d))?"
_NUMBER = rf"(?<![\d.,]){_SIGN}[$€£]?\s?\d[\d.,]{{0,20}}\s?(?:%|[kmb]n?\b|million|billion|trillion)?"
_INTERVAL = re.compile(
    rf"(?P<median>{_NUMBER})(?:\s?(?P<unit>[^\W\d][\w./]{{0,12}}))?\s{{0,20}}[\[(]\s{{0,20}}(?P<low>{_NUMBER})\s{{0,20}}(?:-|–|—|to|,|…|\.\.)\s{{0,20}}(?P<high>{_NUMBER})[^\])]{{0,20}}[\])](?:\s?(?P<behind>%|°\s?[CFK]\b|[^\W\d][\w./°]{{0,12}})\W{{0,3}}$)?",
    re.IGNORECASE | re.MULTILINE,
)
_PERCENTILES = re.compile(
    rf"(?:median|50th[\w\s]*|mean)\s*(?:of|is|:|=)?\s*(?P<median>{_NUMBER})(?:\s?(?P<unit>[^\W\d][\w./]{{0,12}}))?[^\d\n]{{0,20}}10(?:th|\s?%)[^\d\n]{{0,20}}"
    rf"(?P<low>{_NUMBER})[^\d\n]{{0,20}}90(?:th|\s?%)[^\d\n]{{0,20}}(?P<high>{_NUMBER})",
    re.IGNORECASE,
)
_PERCENTILE = re.compile(
    rf"\b(?:(?P<level>\d{{1,2}})(?:th|st|nd|rd)(?:\s(?:percentile|%ile))?|p(?P<p>\d{{2}})|median)\s?[:=]?\s{{0,9}}(?:of\s|is\s|at\s)?[~≈]?\s?(?P<value>{_NUMBER})",
    re.IGNORECASE,
)
_WIDTH_FIRST = re.compile(
    rf"\b\d{{2}}\s?%\s+(?:C\.?I\.?|(?:confidence|credible|prediction)\s+intervals?)\W{{0,4}}[\[(]?\s*(?P<low>{_NUMBER})[^\d\n]{{0,20}}?(?:-|–|—|\bto\b|,|…|\.\.)\s*(?P<high>{_NUMBER})"
    rf"[^\d\n]{{0,30}}median\W{{0,4}}(?:of\s+|is\s+)?(?P<median>{_NUMBER})(?:\s?(?P<unit>[^\W\d][\w./]{{0,12}}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Split:
    """Where the shares begin, and the outcomes they belong to."""

    start: int
    options: tuple[OptionWords, ...]


def read_split(text: str) -> Split | None:
    """`Trump/Biden/other: 45%/50%/5%`, or `50/50 that ... or ...`. None unless the shares sum to 100."""
    if listed := _listed(text) or _told(text):
        return listed
    for found in _SHARES.finditer(text):
        parts = [part.strip().rstrip("% ") for part in found[1].split("/")]
        shares = [float(part) for part in parts]
        if abs(sum(shares) - 100) > _SUM_TOLERANCE or ("%" not in found[1] and shares != [50, 50]):
            continue
        if "%" not in found[1] and not (re.match(r"[\W_]*", text[: found.start()]) and _is_set_off(text, found)):
            continue
        names = _names(text[: found.start()], len(shares)) or _names(text[found.end() :], len(shares))
        if not names and shares == [50.0, 50.0]:
            return Split(
                found.start(), tuple(OptionWords(option.name, 0.5) for option in read_options(text[found.end() :] or text))
            )
        if names:
            return Split(
                found.start(), tuple(OptionWords(name, share / 100) for name, share in zip(names, shares, strict=True))
            )
    return None


def _listed(text: str) -> Split | None:
    """`Who wins? Trump 52%, Harris 47%, other 1%`: names with their shares behind a colon or a question, which sum to 100."""
    opening = _OPENING.search(text)
    if opening is None or text.count("%") < _FEWEST:
        return None
    parts = [_LISTED.fullmatch(part.strip(" *_.")) for part in re.split(r"[,;/|]\s", text[opening.end() :].strip())]
    shares = [(tidy(part["name"]), float(part["share"])) for part in parts if part is not None]
    names = {name.casefold() for name, _ in shares}
    if len(shares) < max(len(parts), _FEWEST) or len(names) < len(shares):
        return None
    if abs(sum(share for _, share in shares) - 100) > _SUM_TOLERANCE:
        return None
    return Split(opening.start(), tuple(OptionWords(name, share / 100) for name, share in shares))


def _told(text: str) -> Split | None:
    """`Scheffler wins with 22%. McIlroy has 12%. Rahm 8%. The field takes the rest, 58%.`: sentences whose shares sum to 100."""
    if not _FEWEST <= text.count("%") <= _MOST_TOLD or len(text) > _LONGEST_TOLD:
        return None
    hits = [hit for part in _CLAUSES.split(text) if (hit := _SAID.fullmatch(part.strip(" *_.")))]
    names = {tidy(hit["name"]).casefold() for hit in hits}
    shares = [float(hit["share"]) for hit in hits]
    if len(hits) != text.count("%") or len(names) < len(hits) or abs(sum(shares) - 100) > _SUM_TOLERANCE:
        return None
    options = tuple(OptionWords(tidy(hit["name"]), share / 100) for hit, share in zip(hits, shares, strict=True))
    return Split(0, options)


def read_options(text: str) -> tuple[OptionWords, ...]:
    """The outcomes of "either (a) ... or (b) ...", without probabilities; empty where there are none."""
    marks = list(_LETTERED.finditer(text))
    if len(marks) >= 2 and [mark[1].lower() for mark in marks] == list("abcde")[: len(marks)]:
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        names = [tidy(text[mark.end() : end]).strip(" .,;") for mark, end in zip(marks, ends, strict=True)]
        return tuple(OptionWords(re.sub(r"[\s,;]+(?:or|and)$", "", name).strip(" ,;.")) for name in names)
    if found := re.search(r"\beither\s+(.{8,300}?),?\s+or\s+(.{8,300}?)(?:[.;\n]|$)", text, re.IGNORECASE | re.DOTALL):
        return (OptionWords(tidy(found[1])), OptionWords(tidy(found[2])))
    return ()


def read_quantiles(text: str) -> Quantiles | None:
    """`900 [500 – 1500]`: a median and the ends of its interval, in order; None for anything else."""
    if named := _named_percentiles(text):
        return named
    found = _INTERVAL.search(text) or _PERCENTILES.search(text) or _WIDTH_FIRST.search(text)
    if found is None:
        return None
    values = _in_order(found)
    if values is None:
        return None
    median, low, high = values
    behind = found.groupdict().get("behind")
    unit = "%" if "%" in found["median"] else (found["unit"] or behind or ("USD" if "$" in found["median"] else "")).strip()
    return Quantiles(median, low, high, unit or "as stated", tidy(found[0]))


def _named_percentiles(text: str) -> Quantiles | None:
    """`10th percentile 2.1, median 2.7, 90th 3.4`, in any order, others among them."""
    hits = list(_PERCENTILE.finditer(text))
    levels = {hit["level"] or hit["p"] or "50": hit for hit in hits}
    if len(levels) < len(hits) or not levels.keys() >= {"10", "50", "90"}:
        return None
    try:
        low, median, high = (
            read_quantity(levels[level]["value"].replace("%", "").strip(" .,")) for level in ("10", "50", "90")
        )
    except Refused:
        return None
    if not low <= median <= high or low == high:
        return None
    unit = "%" if "%" in levels["50"]["value"] else "USD" if "$" in levels["50"]["value"] else "as stated"
    return Quantiles(median, low, high, unit, tidy(text[hits[0].start() : hits[-1].end()]))


def _in_order(found: re.Match[str]) -> tuple[float, float, float] | None:
    """Median, low and high; a stroke before the median is its sign only where the others then fit."""
    written = [found[name].replace("%", "").strip() for name in ("median", "low", "high")]
    for first in dict.fromkeys((written[0], written[0].lstrip("-−–﹣－"))):
        try:
            median, low, high = (read_quantity(number) for number in (first, *written[1:]))
        except Refused:
            continue
        if low <= median <= high and low < high:
            return median, low, high
    return None


def _is_set_off(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()].strip(" *_"), text[found.end() :].strip(" *_")
    return not before or not after or before[-1] in ":–—-=⇒→(["


def _names(text: str, count: int) -> list[str]:
    """As many names as there are shares, before or after them, with the same stroke between."""
    for line in reversed(text.strip(" \n:–—-=⇒→([*_").split("\n")):
        for part in [*reversed(re.split(r":\s|[?]\s", line)), line]:
            names = [tidy(name).strip(" .,;:*_()[]") for name in _BETWEEN.split(part)]
            if len(names) == count and all(names) and len({name.casefold() for name in names}) == count:
                return names
    return []
