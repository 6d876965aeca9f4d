"""The words beside a number that make it a probability: "Confidence: 70%", "I'd say 70%", "70% chance", "the odds of ... at 70%"."""

from __future__ import annotations

import re

CUE_WORDS = (
    r"(?:probabilit(?:y|ies|é|ät|à)|probabilidade?|wahrscheinlichkeit|waarschijnlijkheid|sannolikhet|prob\.?|confidence"
    r"(?:\s+(?:level|rating))?|confident|confiance|confianza|zuversicht|credence|likelihood|chances?|odds|certainty|"
    r"certain|estimate|prediction|forecast|p|pr|my\s+(?:number|guess|call|bet))"
)
CUE_BEFORE = re.compile(
    rf"(?:^|[\s(\[_*|,;.—–-])(?P<cue>{CUE_WORDS})\s{{0,3}}(?:\([^()\n]{{0,60}}\))?\s{{0,3}}(?:(?:is|of|at|was|i'd\s+say)\s{{0,3}})?[:=\-–—≈,]?\s{{0,3}}(?:(?:maybe|perhaps|say|call\s+it|probably|i[’']d\s+say)\s+)?[(\[*_]*\s{{0,3}}$",
    re.IGNORECASE,
)
WEAK_CUES = frozenset(("estimate", "prediction", "forecast", "p", "pr", "certain", "confident"))
SAID_BEFORE = re.compile(
    r"(?:^|[\s(])(?P<cue>(?:i[’']m\s+|we[’']re\s+)?going\s+with|i[’']m\s+(?:at|around|sitting\s+at)|i[’']ll\s+(?:say|go\s+with)|let[’']s\s+(?:say|go\s+with)|call\s+it|put\s+me\s+(?:down\s+for|at)|i(?:[’']d|\s+would|\s+had)?\s+(?:put|g[ai]ve|assign(?:ed)?|say|said|estimate|go\s+with|went\s+with|land\s+(?:on|at))(?:\s+(?:this|it|that|maybe|perhaps|about|around|at|an?|roughly))*)\s*[*_(~]*$",
    re.IGNORECASE,
)
CUE_FAR = re.compile(
    r"(?:^|[\s(*_])(?:probabilit(?:y|ies)|odds|chances?|likelihood|credence)\s+(?:that|of|for|on)\s+(?P<what>[^.!?\n%;]{4,140}?)\s+(?:is|at|as|are|to\s+be|(?:stands?|sits?|comes\s+out)\s+at)\s+"
    r"(?:(?:about|around|roughly|maybe|only|approximately|probably|something\s+like|just)\s+)?[*_(~]*$",
    re.IGNORECASE,
)
"""The word stands before the statement: "I put the odds of a ceasefire at 40%"."""
CUE_AFTER = re.compile(
    r"\s{0,20}[)\]*_]*\s{0,20}(?:that\s|chance|probab|likel|confiden|credence|certain\b|certainty|sure\b|odds|subjective|wahrscheinlich|"
    r"sicher|de probabili(?:t|dad)|de chances?|de confiance)",
    re.IGNORECASE,
)
