"""Small tables as people keep them, and what is in them: statement, probability, outcome and last day of each row."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

B, C, D, E = "Will B happen?", "Will C happen?", "Will D happen?", "Will E happen?"
END, JUNE = date(2026, 12, 31), date(2027, 6, 30)
PAST, MARCH = date(2025, 12, 31), date(2027, 3, 15)
Row = tuple[str, float | None, bool | None, date | None]
BOTH: list[Row] = [(B, 0.4, None, END), (C, 0.65, None, JUNE)]


class SmallTable(NamedTuple):
    """A table's text, and its rows as they are right."""

    text: str
    right: list[Row]


SMALL_TABLES: dict[str, SmallTable] = {
    # days
    "days with dashes": SmallTable(f"question,forecast,due\n{B},40%,31-Dec-2026\n{C},65%,30-Jun-27\n", BOTH),
    "days with dots": SmallTable(f"question,forecast,due\n{B},40%,31.12.2026\n{C},65%,30.06.2027\n", BOTH),
    "milliseconds since 1970": SmallTable(f"question,forecast,due\n{B},40%,1798761600000\n{C},65%,1814400000000\n", BOTH),
    "days and hours": SmallTable(f"question,forecast,due\n{B},40%,2026-12-31T23:59:00Z\n{C},65%,2027-06-30 12:00\n", BOTH),
    "the day first": SmallTable(f"question,forecast,due\n{B},40%,31/12/2026\n{C},65%,30/06/2027\n", BOTH),
    "the month first": SmallTable(f"question,forecast,due\n{B},40%,12/31/26\n{C},65%,6/30/27\n", BOTH),
    "a month first, and whole percent": SmallTable(f"question,forecast,due\n{B},40,12/31/2026\n{C},65,6/30/2027\n", BOTH),
    "a spreadsheet's day numbers": SmallTable(f"question,forecast,due\n{B},40%,46387\n{C},65%,46568\n", BOTH),
    "semicolons and decimal commas": SmallTable(
        f'question;forecast;due\n"{B}";0,4;31.12.2026\n"{C}";0,65;30.06.2027\n', BOTH
    ),
    "one date settles the other": SmallTable(
        f"question,forecast,due\n{B},40%,5/6/2026\n{C},65%,30/06/2027\n",
        [(B, 0.4, None, date(2026, 6, 5)), (C, 0.65, None, JUNE)],
    ),
    "statements and dates alone": SmallTable(
        f"question,resolve date\n{B},2026-12-31\n{C},2027-06-30\n", [(B, None, None, END), (C, None, None, JUNE)]
    ),
    "a date of the result beside the deadline": SmallTable(
        f"question,resolution date,resolved,resolution\n{B},2025-12-31,2025-11-01,yes\n{C},2027-06-30,,\n",
        [(B, None, True, PAST), (C, None, None, JUNE)],
    ),
    "when it closes and when it is decided": SmallTable(
        "title,close_time,resolve_time\n"
        f'"Will A happen before January 1, 2025?",2024-10-22,2025-01-01\n{B},2024-10-22,2025-03-15\n',
        [
            ("Will A happen before January 1, 2025?", None, None, date(2025, 1, 1)),
            (B, None, None, date(2025, 3, 15)),
        ],
    ),
    "the same with the month first": SmallTable(
        'title,close_time,resolve_time\n"Will A happen before January 1, 2025?",10/22/24,1/1/25\n'
        + f"{B},10/22/24,3/15/25\n",
        [
            ("Will A happen before January 1, 2025?", None, None, date(2025, 1, 1)),
            (B, None, None, date(2025, 3, 15)),
        ],
    ),
    "a close date and a resolve date": SmallTable(
        f"title,probability,close_date,resolve_date\n{B},0.4,2026-10-22,2027-03-15\n{C},0.6,2026-10-22,2027-03-15\n",
        [(B, 0.4, None, MARCH), (C, 0.6, None, MARCH)],
    ),
    "an underscore in the name": SmallTable(
        f"question_title,probability,resolve_time\n{B},0.4,2027-03-15\n", [(B, 0.4, None, MARCH)]
    ),
    "underscores, without a probability": SmallTable(
        f"question_title,resolve_time\n{B},2027-03-15\n{C},2027-03-15\n", [(B, None, None, MARCH), (C, None, None, MARCH)]
    ),
    # probabilities
    "a one among fractions": SmallTable(
        "prediction,my probability,outcome\nB happens,0.9,1\nC happens,1,0\nD happens,0.05,0\n",
        [("B happens", 0.9, True, None), ("C happens", 1.0, False, None), ("D happens", 0.05, False, None)],
    ),
    "percent in the name": SmallTable(
        "prediction,probability (%),outcome\nB happens,0.5,0\nC happens,1,0\nD happens,95,1\n",
        [("B happens", 0.005, False, None), ("C happens", 0.01, False, None), ("D happens", 0.95, True, None)],
    ),
    "a one among percentages": SmallTable(
        f"question,forecast,due,result\n{B},1,2025-12-31,1\n{C},50,2025-12-31,0\n{D},99,2025-12-31,1\n{E},0.5,2025-12-31,1\n",
        [(B, 0.01, True, PAST), (C, 0.5, False, PAST), (D, 0.99, True, PAST), (E, 0.005, True, PAST)],
    ),
    "zeros and ones are sure": SmallTable(
        f"question,forecast,due,result\n{B},1,2025-12-31,1\n{C},0,2025-12-31,0\n{D},0.5,2025-12-31,1\n",
        [(B, 1.0, True, PAST), (C, 0.0, False, PAST), (D, 0.5, True, PAST)],
    ),
    "chances": SmallTable(
        f'question,forecast,due\n{B},1 in 1000,2026-12-31\n{C},"1 in 1,000",2026-12-31\n{D},1/3,2026-12-31\n',
        [(B, 0.001, None, END), (C, 0.001, None, END), (D, 1 / 3, None, END)],
    ),
    "an answer and how sure of it": SmallTable(
        "question,confidence,answer,result\nWill B happen?,90%,No,No\nWill C happen?,60%,Yes,No\n",
        [(B, 0.1, False, None), (C, 0.6, False, None)],
    ),
    "a prediction made beside what happened": SmallTable(
        "prediction,probability,prediction made,outcome\nB happens,0.9,Yes,No\nC happens,0.8,No,No\n",
        [("B happens", 0.9, False, None), ("C happens", 0.2, False, None)],
    ),
    "a number in the statement": SmallTable(
        "statement,by,probability\nRates fall below 3%,2026-12-31,40%\nBTC above 100k,2027-06-30,65%\n",
        [("Rates fall below 3%", 0.4, None, END), ("BTC above 100k", 0.65, None, JUNE)],
    ),
    "one row of few words": SmallTable("statement,probability\nPeace,0.4\n", [("Peace", 0.4, None, None)]),
    "a statement that begins like a sum": SmallTable(
        "prediction,probability\nTotal solar eclipse is seen in Spain,0.9\nAverage rents rise in Berlin,0.4\nTotal,0.65\n",
        [("Total solar eclipse is seen in Spain", 0.9, None, None), ("Average rents rise in Berlin", 0.4, None, None)],
    ),
    # without names
    "no names for the columns": SmallTable(
        '"In 2023, will A be president?",0.954,0.58\n"In 2023, will B hold the town?",0.03,0.26\n',
        [
            ("In 2023, will A be president?", 0.954, None, date(2023, 12, 31)),
            ("In 2023, will B hold the town?", 0.03, None, date(2023, 12, 31)),
        ],
    ),
    "names, one of them vague": SmallTable(
        'question,probability,other\n"In 2023, will A be president?",0.954,0.58\n"In 2023, will B hold the town?",0.03,0.26\n',
        [
            ("In 2023, will A be president?", 0.954, None, date(2023, 12, 31)),
            ("In 2023, will B hold the town?", 0.03, None, date(2023, 12, 31)),
        ],
    ),
}
