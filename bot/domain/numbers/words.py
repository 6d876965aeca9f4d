"""The words and signs that stand around a number: magnitudes, units of money and measure, and those that leave it as it is."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from fractions import Fraction

LETTERS = {"k": 3, "m": 6, "mm": 6, "b": 9, "bn": 9, "t": 12, "tn": 12, "tr": 12}
"""Short English magnitudes as powers of ten: nobody puts thousands before one, so 1.234M has decimals."""
LONG_SCALE = frozenset({"da", "de", "es", "fr", "no", "nl", "pl", "cs", "hu", "hr", "fi", "sv", "ro"})
"""Languages whose own billion is a million millions."""
THOUSAND_IS_MIL = frozenset({"es", "pt"})

_WORDS = {
    2: "hundred hundreds",
    3: "thousand thousands thsd tsd tausend mille mila milhar milhares tys тыс тысяч тысячи тисяч bin ribu nghìn ngàn พัน हज़ार हजार",
    4: "หมื่น",
    5: "lakh lakhs lac lacs लाख แสน",
    6: "million millions mio mill mln mn millionen million(en) milion miliony milionů milioni milione millón millones "
    "milhão milhões milyon miljoen miljoonaa miljoner millió milioane млн миллион миллиона миллионов мільйон мільйонів juta triệu ล้าน",
    7: "crore crores cr करोड़",
    9: "mrd mld mlrd mia milliard milliards milliarde milliarden miliard miliardy miliardi miliardo milyar miljard miljarder "
    "miljardia milliárd miliarde bilhão bilhões млрд миллиард миллиарда миллиардов мільярд мільярдів miliar tỷ tỉ "
    "अरब",
    12: "billionen bio billón billones bilion biliony biljoen billioner billió trilhão trilhões trilyon трлн триллион "
    "триллионов трильйон triliun",
}
POWERS = {word: power for power, words in _WORDS.items() for word in words.split()}
TWO_SCALES = {"billion": (9, 12), "billions": (9, 12), "trillion": (12, 18), "trillions": (12, 18)}
"""The short scale, and what members of a long-scale language may mean."""
MYRIADS = {
    sign: power for power, signs in {2: "百백", 3: "千仟천", 4: "万萬만", 8: "億亿억", 12: "兆조"}.items() for sign in signs
}
"""East Asian magnitudes, which add up: 1億2000万."""
FRACTIONS = {
    sign: Decimal(exact.numerator) / exact.denominator
    for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒"
    for exact in [Fraction(unicodedata.numeric(sign)).limit_denominator(10)]
}
MINUS_WORDS = frozenset({"minus", "neg", "negative", "menos", "moins", "meno"})
HEDGES = frozenset(
    {"~", "≈", "∼", "about", "approx", "approximately", "around", "roughly", "circa", "ca", "etwa", "environ"}
)
"""Words that say a number is not exact. A forecast never is, so they change nothing."""
PERCENT_WORDS = frozenset(
    {"%", "percent", "pct", "percentage", "prozent", "pourcent", "procent", "procenten", "процент", "процентов"}
)
TWO_WORD_PERCENT = frozenset({("per", "cent"), ("por", "ciento"), ("por", "cento"), ("pour", "cent"), ("per", "cento")})

_CURRENCIES = {
    "usd": "$ us$ usd dollar dollars buck bucks dólares dólar",
    "eur": "€ eur euro euros",
    "gbp": "£ gbp pound pounds sterling quid",
    "jpy": "¥ jpy yen 円",
    "cny": "cny rmb yuan 元 人民币",
    "krw": "₩ krw won 원",
    "inr": "₹ inr rupee rupees rs",
    "brl": "brl r$ reais real",
    "chf": "chf franken",
    "rub": "₽ rub rouble roubles ruble rubles",
    "uah": "₴ uah hryvnia",
    "try": "₺ try lira",
    "btc": "₿ btc bitcoin bitcoins",
    "eth": "eth ether",
}
_CODES = (
    "aud cad nzd sek nok dkk pln czk huf ron bgn mxn ars clp cop zar thb vnd idr php myr sgd hkd twd ils aed sar egp ngn "
    "kes pkr bdt"
)
_MEASURES = (
    "km kilometres kilometers metres meters mm cm miles mi feet ft kg kilograms tonnes tons tonne ton lb lbs "
    "°c °f celsius fahrenheit gw mw kw twh gwh mwh kwh gwp ghz mhz gb tb pb mb flop flops bp bps pp ppm "
    "seconds minutes hours days weeks months years barrels "
    "people persons users members votes seats points deaths cases goals medals units tokens parameters models times"
)
DOLLARS = frozenset({"us", "r", "a", "au", "c", "ca", "nz", "hk", "s"})
"""What stands before a dollar sign."""
UNITS = {word: code for code, words in _CURRENCIES.items() for word in words.split()} | {
    word: word for word in f"{_CODES} {_MEASURES}".split()
}
"""Units that mean one thing wherever they stand, each with the name by which it is compared."""


def unit_name(word: str) -> str:
    """The name by which a unit is compared: `$`, `dollars` and USD are one, and so are token and tokens."""
    folded = word.casefold().strip(" .")
    if folded in PERCENT_WORDS:
        return "%"
    known = UNITS.get(folded, folded)
    return known[:-1] if len(known) > 3 and known.endswith("s") and not known.endswith("ss") else known
