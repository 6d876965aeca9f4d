"""The words by which predictions are known: each list stands here once, in the languages that Almanac's documents are written in."""

from __future__ import annotations

import re


def words(*listed: str, unspaced: tuple[str, ...] = ()) -> re.Pattern[str]:
    """A pattern for any of these words or beginnings; a trailing `*` lets a word go on. `unspaced`: of scripts without blanks."""
    stems = "|".join(word[:-1] + r"\w{0,12}" if word.endswith("*") else word for part in listed for word in part.split("|"))
    return re.compile(rf"(?<![^\W_])(?:{stems})(?![^\W_])" + "".join(f"|{part}" for part in unspaced), re.IGNORECASE)


PREDICTING = words(
    "predict*|forecast*|prophe*|prognos*|bets?|betting|wager*|guess|guesses|expectations?|outlook|crystal ball|looking ahead|calls?|picks|timelines?|who (?:will )?wins?",
    "what to expect|what i expect|will happen|next year|years? ahead|decade ahead|coming years?|vaticin*|pronostic*|pronóstic*",
    "predicci*|predicç*|previs*|prévis*|prédict*|vorhersage*|voraussage*|voorspel*|verwacht*|verwachting*|previsioni|förutsäg*",
    "prognoz*|przewidywan*|прогноз*|предсказан*|předpověd*|predpoved*|spådom*|forudsig*|ennust*|tahmin*|προβλέψ*",
    unspaced=("予測", "予想", "预测", "預測", "预言", "예측", "전망"),
)
"""What a title or heading of predictions says."""
PREDICTED = words(
    "predict*|forecast*|prophe*|prognos*|bets?|wager*|claims?|call|hypothesis|proposition|pick",
    "will win|will be|winner|predicci*|predicç*|previs*|prédict*|vorhersage*|voorspel*",
)
"""What a label before a single prediction says: "Bold prediction:"."""
CREDENCE = words(
    "probabilit*|likelihood|credence*|confiden*|chances?|odds|certain*|calibrat*|brier|percent|likely|unlikely|probably",
    "probabilidad*|wahrscheinlich*|waarschijnlijk*|probabilité*|sannolik*",
)
FUTURE = re.compile(
    r"(?<![^\W_])(?:will|won[’']t|shall|\w{1,14}[’']ll|gonna|going to|(?:un)?likely to|expected to|set to|bound to|about to|by 20\d\d|"
    r"by the end of|by year|before 20\d\d|in 20[2-9]\d|this year|next year|(?:will|would) be|continues? to|never|finally|"
    r"będzie|będą|zostanie|będziemy|będę|будет|будут|станет|bude|budou|budú|kommer att|kommer til|ska|skal|vil|tulee|olacak|"
    r"wird|werden|sera|seront|zal|zullen|\w{1,14}(?:erá|ará|irá|erán|arán|irán|eront|erai|erà|arà|irà|eranno|aranno|iranno))(?![^\W_])|将|會|会|だろう|でしょう|になる|것이다|할\s?것",
    re.IGNORECASE,
)
OWN = re.compile(
    r"(?<![^\W_])(?:i|we|i[’']d|i[’']m|i[’']ll|creo|espero|pienso|ich|je|ik)\s(?:\w{2,12}\s)?"
    r"(?:predict|expect|bet|believe|think|forecast|anticipate|guess|see|suspect|doubt|wager|confident|certain|say|put|give|que|glaube|erwarte|pense|crois|denk|verwacht)"
    r"(?![^\W_])|(?<![^\W_])my (?:\w{2,12} )?(?:prediction|guess|bet|forecast|expectation|estimate|probability|pick)(?![^\W_])",
    re.IGNORECASE,
)
PAST = words(
    "was|were|had|did|didn't|didn’t|happened|came|went|got|turned out|ended up|released|announced|won|lost|became|resolved|has been|have been|last year"
)
HEDGED = words("would|could|might|may|should|perhaps|maybe|possibly|potentially|if")
TOLD = words(
    "according to|said|says|told|reported|announced|survey|poll|respondents|study|researchers|analysts?|economists?|officials?|"
    "reuters|bloomberg|metaculus|polymarket|manifold|kalshi|community|consensus"
)
INSTRUCTS = words(
    "you|your|click|install|run|use|see|note that|please|subscribe|how to|example|default|returns?|value|parameter|function|file|command|"
    "dataset|training|accuracy|model's|github|api|data"
)
REMARKS = words(
    "reason|reasons|reasoning|rationale|why|because|justification|argument|explanation|evidence|basis|note|notes|comment|comments|"
    "commentary|thoughts|context|background|caveat|caveats|criteria|resolution criteria|resolves|source|sources|base rate|currently|"
    "analysis|details|falsif*|expectation|resolution|result|outcome|status|verdict|grade|score|update|impact|counterpoint"
)
"""Labels of what is said about a prediction."""
LOOKS_BACK = words(
    "review|graded?|grading|scor*|results?|looking back|retrospective|last year|revisit*|evaluat*|follow-?up|report card|how did"
)
APART = words(
    "references?|sources?|links|footnotes?|notes|bibliography|related|further reading|comments?|about|acknowledge?ments?|contents|"
    "change ?log|disclaimers?|method*|how it works|rules|scoring|calibration|performance|statistics|analysis|background|context|"
    "introduction|conclusions?|final thoughts|closing|lessons|reflections?|takeaways?|appendix|see also|resources|subscribe|share|tags|"
    "faq|glossary|definitions?|terms|install*|usage|configur*|licen[cs]e|contribut*|requirements?|features?|roadmap|overview|summary"
)
"""Headings of sections that seldom hold predictions."""
PERSONAL = words("i|my|our|we|mis|mes|meine|mijn|mie|minhas")
MANUAL = words(
    "install*|usage|setup|quick ?start|getting started|configur*|licen[cs]e|contribut*|architecture|requirements?|features?|commands?|"
    "development|deploy*|api|how it works|how to|file structure|tutorial|guide|faq|privacy|security|troubleshooting|further reading",
)
"""Headings of pages that tell how something is done."""
TEACHES = words(
    "how to|guide|tutorial|handbook|documentation|readme|specification|template|system|tool|tracker|platform|resources?|reading list|"
    "principles|introduction|instructions?|prompt|methodology|calibration|dashboard|dataset|api|library|package",
)
"""Titles of pages about predicting, or about a program."""
ORDERS = re.compile(
    r"[\W\d_]*(?:use|add|run|check|focus|keep|avoid|break|anchor|make|create|write|set|see|read|try|start|find|choose|note|ensure|define|"
    r"include|provide|consider|ask|look|think|seek|update|track|record|list|give|return|do|don[’']t|learn|practice|install|click|open|"
    r"copy|replace|select|enter|follow|remember|state|specify|be|let|get|build|collaborate|balance|compare|review|identify)\b",
    re.IGNORECASE,
)
"""Orders to the reader, at the beginning of a line."""
SCORED = re.compile(
    r"\b\d+\s+(?:were\s+)?(?:right|correct|true|hits?)\s*(?:,|;|and|vs\.?)\s*(?:and\s+)?(?:i\s+got\s+)?\d+\s+(?:were\s+)?(?:wrong|incorrect|false|misse[sd])\b",
    re.IGNORECASE,
)
"""How often an author was right: "16 right and 4 wrong"."""
