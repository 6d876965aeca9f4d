"""What the names of columns say about their cells, in the languages that people keep such tables in.

These are patterns to search for in a name whose words are apart (`spaced`). A name only suggests what a column is: whoever
reads the table also looks at the cells, since a `forecast` may be a sentence or a number.
"""

from __future__ import annotations

import re


def spaced(name: str) -> str:
    """A column's name as words: `questionTitle` and `question_title` are `question title`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_+", " ", name).strip()


def _search(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_STATEMENTS = (
    r"predictions?|questions?|statements?|claims?|propositions?|forecasts?|bets?|thes[ie]s|hypothes[ie]s|wagers?|"
    r"aussagen?|vorhersagen?|prognosen?|fragen?|wetten?|behauptung(?:en)?|these|"
    r"énoncés?|prédictions?|prévisions?|affirmations?|paris?|"
    r"pregunta|predicci[oó]n(?:es)?|afirmaci[oó]n|enunciados?|pron[oó]sticos?|previsi[oó]n|apuestas?|"
    r"pergunta|previs(?:ão|ões)|predi[cç](?:ão|ões)|afirma[cç](?:ão|ões)|apostas?|"
    r"domand[ae]|previsioni?|affermazion[ei]|scommess[ae]|"
    r"vra(?:ag|gen)|voorspelling(?:en)?|stelling(?:en)?|"
    r"påståenden?|förutsägelser?|frågor?|forudsigelser?|spådom(?:mer)?|spørsmål|prognoser?|"
    r"pytani[ea]|przewidywani[ea]|prognoz[ay]|вопрос\w*|прогноз\w*|утверждени\w*|предсказани\w*"
)
_EVENTS = r"events?|ereignis(?:se)?|événements?|eventos?|eventi|gebeurtenis(?:sen)?|händelser?|wydarzeni[ea]|событи[ея]"
_STATEMENTS_UNSPACED = r"予測|予想|質問|命題|問題|预测|預測|问题|問題|陈述|陳述|예측|질문|คำทำนาย|คำถาม|การทำนาย"
STATEMENT = _search(
    rf"\b(?:{_STATEMENTS}|{_EVENTS}|what|item|topic|scenario|description|headline|title|market)\b", _STATEMENTS_UNSPACED
)
IS_STATEMENT = re.compile(
    rf"\W*(?:(?:the|my|our|full|short)\s+)?(?:{_STATEMENTS}|{_EVENTS}|{_STATEMENTS_UNSPACED})(?:\s+(?:text|title|name|statement|body))?\W*",
    re.IGNORECASE,
)
"""The whole name of a column of statements, and of nothing else: in a table with such a column, each row is a prediction."""
IS_EVENT = re.compile(rf"\W*(?:{_EVENTS})\W*", re.IGNORECASE)
"""Events with their dates alone are a calendar."""
PROBABILITY = _search(
    r"\bsure|how\s+(?:sure|likely)|probab|confidence|likelihood|\bodds\b|chance|credence|certainty|\bprob\b|\bprb\b|^\W*p\W*$|^\W*%\W*$|p\(|"
    r"\bp\s+yes\b|^\W*yes\W*%?\W*$|estimate|forecast|prediction|belief|conviction|^\W*percent(?:age)?\W*$|^\W*pct\W*$|"
    r"\bmine\b|\bme\b|^i\b|my\b",
    r"wahrscheinlich|zuversicht|sicherheit|konfidenz|prognose|schätzung|\bcote\b|confiance|vraisemblance|estimation|"
    r"confianza|verosimilitud|estimaci|confian[cç]a|estimativa|fiducia|\bstima\b|waarschijnlijk|\bkans\b|schatting|zekerheid|"
    r"sannolik|sandsynlig|sannsynlig|prawdopodob|szansa|вероятност|шанс|уверенност",
    r"確率|可能性|見込み|概率|機率|几率|把握|확률|가능성|ความน่าจะเป็น|โอกาส",
)
OUTCOME = _search(
    r"how\s+(?:it|they)\s+(?:went|did)|did\s+it|pass(?:ed)?\b|came|yes/no|y/n|outcome|result|happened|resolution|resolved|"
    r"correct|\btrue\b|truth|verdict|status|actual|right\??|\bhit\b|answer|grade|✅|✓",
    r"ergebnis|ausgang|eingetreten|eingetroffen|auflösung|résultat|issue\b|résolution|arrivé|réalisé|resultado|resoluci|"
    r"ocurri|sucedi|aconteceu|resoluç|risultato|esito|accaduto|avverato|uitkomst|uitgekomen|resultaat|utfall|resultat|udfald|"
    r"wynik|rozstrzygni|результат|исход|итог|結果|结果|結局|결과|ผลลัพธ์|ผลที่ได้",
)
HAPPENED = _search(
    r"outcome|result|resol(?:ution|ved)|happened|actual|came\s+true|correct|truth",
    r"ergebnis|ausgang|eingetr|résultat|resultado|risultato|esito|uitkomst|utfall|udfald|wynik|результат|исход|結果|结果|결과",
)
"""What did happen, where another column has what the author thinks will."""
_DEADLINES = (
    r"\bby\b|\bdue\b|deadline|target|\buntil\b|\btill\b|\bends?\b|\bexpir|"
    r"\bfrist|\bbis\b|fällig|stichtag|échéance|jusqu|\bplazo|vencimiento|\bhasta\b|\bprazo|vencimento|\baté\b|scadenza|entro|"
    r"\btot\b|uiterlijk|einddatum|\bsenast\b|slutdatum|termin\b|\bdo\s+kiedy|\bсрок|\bдо\b|期限|締切|締め切り|截止|마감|기한|กำหนด"
)
WINDOW = _search(
    r"\bwhen\b|date|time\s?(?:line|frame|horizon)?|horizon|expected|\beta\b|quarter|year|resolves|window",
    _DEADLINES,
    r"datum|\bwann\b|zeitraum|\bquand\b|fecha|cuándo|\baño\b|quando|wanneer|\bjaar\b|kiedy|дата|когда|日付|日時|年月日|いつ|日期|时间|時間|"
    r"날짜|วันที่",
)
DAY = _search(r"\b(?:day|data|dato|at|on)\b")
"""What may mean a day where the cells are days, and something else where they aren't."""
RESOLVES = _search(r"resol|decided|settle|判定", _DEADLINES)
CLOSES = _search(r"clos|schlie(?:ß|ss)|clôture|cierre|fecham|chiusura|sluit")
BEGINS = _search(r"\b(?:start|begin(?:s|ning)?|from|open(?:s|ed)?|ab|début|inicio|início|inizio|vanaf)\b")
MADE = re.compile(
    r"(?:prediction|made|created|asked|written|forecast(?:ed)?)\s*(?:date|on|at)?|date\s+(?:made|predicted|created|asked)|predicted\s+on|"
    r"erstellt(?:\s+am)?|créée?\s+le|creado|criado\s+em|creato|gemaakt\s+op|作成日|创建时间",
    re.IGNORECASE,
)
ANSWER = _search(
    r"\b(?:answers?|guess(?:es)?|picks?|calls?|predict(?:ed|ion)s?(?:\s+(?:made|answer|outcome|result))?|my\s+(?:answer|call|view)|yes/no)\b"
)
"""What the author thinks will happen, where another column has what did."""
SURE_OF_ANSWER = _search(r"confiden|certain|\bsure")
SUBJECT = _search(
    r"ticker|company|country|team|subject|asset|symbol|product|entity|area|category|topic|domain|model|"
    r"firma|\bland\b|kategorie|entreprise|\bpays\b|catégorie|empresa|país|categor[ií]a|azienda|paese|bedrijf|分野|カテゴリ|类别|类目|분야"
)
FORECASTER = _search(
    r"\b(?:who|by\s+whom|authors?|forecasters?|predictors?|users?(?:\s?names?)?|person|member|participants?|players?|names?|from|made\s+by|"
    r"wer|von|verfasser(?:in)?|autor(?:in|es?|a)?|teilnehmer|qui|auteure?|nom|quién|nombre|usuario|quem|nome|usuário|chi|autore|utente|wie|naam|"
    r"gebruiker|vem|namn|hvem|navn|kto|autora?|кто|автор|имя)\b",
    r"予測者|予想者|名前|作者|预测者|姓名|用户|예측자|이름|ผู้ทำนาย|ชื่อ",
)
CRITERIA = _search(
    r"criteri|resolution\s+source|how\s+(?:judged|resolved)|notes?\b|comments?|details|reason|rationale|why|"
    r"kriteri|notiz|kommentar|begründung|critère|remarque|commentaire|raison|comentario|notas?\b|motivo|comentário|motiv|toelichting|"
    r"備考|理由|条件|备注|판정"
)
QUANTILES = tuple(
    re.compile(rf"\W*(?:{name})\W*(?:percentile|quantile|estimate|bound)?\W*", re.IGNORECASE)
    for name in (
        r"[pq]\s?\.?10|10\s?%|10th|low(?:er)?|minimum|min",
        r"[pq]\s?\.?50|50\s?%|50th|median|mid(?:dle)?|central|best\s+guess",
        r"[pq]\s?\.?90|90\s?%|90th|high(?:er)?|upper|maximum|max",
    )
)
"""The whole names of an author's quantiles: the lowest, the middle one and the highest."""
UNIT = re.compile(r"\W*(?:units?|einheit|unité|unidad|unidade|unità|eenheid|単位|单位|단위)\W*", re.IGNORECASE)
OTHERS = _search(
    r"market|metaculus|polymarket|manifold|predictit|kalshi|crowd|median|average|mean|consensus|community|others?|readers?|base\s*rate|super\s?forecasters?|experts?|538|baseline|prior|last\s+year|previous|\bconditional|\bgiven\b"
)
"""Probabilities that aren't the author's."""
