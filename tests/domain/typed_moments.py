"""What people type where a moment is asked for, with their zone and clock, and what it should be by that clock.

Written before any reader was tried on it. None: refused, with the word that was not used; a tuple: asked, the first first.
"""

from __future__ import annotations

from typing import NamedTuple

BERLIN, NEW_YORK, LONDON, TOKYO = "Europe/Berlin", "America/New_York", "Europe/London", "Asia/Tokyo"


class Case(NamedTuple):
    """`now` and `right` are the member's own clock; an offset behind `right` tells the first of a repeated hour from the second."""

    typed: str
    right: str | tuple[str, ...] | None
    now: str = "2026-03-04 15:30"  # a Wednesday
    zone: str = BERLIN
    locale: str | None = None


MOMENTS = [
    # spans
    Case("in 10 minutes", "2026-03-04 15:40"),
    Case("in 2 hours", "2026-03-04 17:30"),
    Case("in 1h 30m", "2026-03-04 17:00"),
    Case("in 1.5 hours", "2026-03-04 17:00"),
    Case("in half an hour", "2026-03-04 16:00"),
    Case("90 minutes from now", "2026-03-04 17:00"),
    Case("in 2 weeks", "2026-03-18 15:30"),
    Case("in 1 year and 2 months", "2027-05-04 15:30"),
    Case("in a month", "2026-02-28 12:00", "2026-01-31 12:00"),
    Case("in 24 hours", "2026-03-29 14:00", "2026-03-28 13:00"),
    Case("in 1 day", "2026-03-29 13:00", "2026-03-28 13:00"),
    Case("in 10 minutes", "2026-10-25 02:50+01:00", "2026-10-25 02:40+01:00"),
    Case("in 40 minutes", "2026-10-25 02:20+01:00", "2026-10-25 02:40+02:00"),
    Case("in 24 hours", "2026-03-08 15:00", "2026-03-07 14:00", NEW_YORK),
    Case("at 2:50", "2026-10-25 02:50+01:00", "2026-10-25 02:40+01:00"),
    Case("at 2:50", "2026-10-25 02:50+02:00", "2026-10-25 02:40+02:00"),
    Case("tomorrow at 2:30", "2026-03-29 03:30", "2026-03-28 12:00"),
    Case("in 2 weeks at 9", "2026-03-18 09:00"),
    Case("in 3 days at 6pm", "2026-03-07 18:00"),
    Case("in a few days", None),
    # days and hours
    Case("tomorrow", "2026-03-05 15:30"),
    Case("tomorrow at 9", "2026-03-05 09:00"),
    Case("tomorrow 9am", "2026-03-05 09:00"),
    Case("tomorrow morning", "2026-03-05 09:00"),
    Case("tonight at 8", "2026-03-04 20:00"),
    Case("today at 17", "2026-03-04 17:00"),
    Case("at 17", "2026-03-04 17:00"),
    Case("at 9", "2026-03-05 09:00"),
    Case("17:45", "2026-03-04 17:45"),
    Case("noon", "2026-03-05 12:00"),
    Case("midnight", "2026-03-05 00:00"),
    Case("Friday at 9", "2026-03-06 09:00"),
    Case("on Friday", "2026-03-06 09:00"),
    Case("Wednesday at 9", "2026-03-11 09:00"),
    Case("next Friday 6pm", ("2026-03-06 18:00", "2026-03-13 18:00")),
    Case("this Friday", "2026-03-06 09:00"),
    Case("18h", ("2026-03-04 18:00", "2026-03-05 09:30"), locale="fr"),
    Case("2d", "2026-03-06 15:30"),
    Case("in 18h", "2026-03-05 09:30"),
    Case("half past 8 tomorrow", "2026-03-05 08:30"),
    Case("tomorrow at quarter to 9", "2026-03-05 08:45"),
    Case("tomorrow at 25", None),
    Case("tomorrow at 9 sharpish", None),
    # dates
    Case("1 Dec 9am", "2026-12-01 09:00"),
    Case("12/31", "2026-12-31 09:00"),
    Case("11/29", "2026-11-29 09:00"),
    Case("31/12", "2026-12-31 09:00"),
    Case("3/4", ("2026-04-03 09:00", "2027-03-04 09:00")),
    Case("3/5", ("2026-03-05 09:00", "2026-05-03 09:00"), locale="en-US"),
    Case("05-06-2026", ("2026-06-05 09:00", "2026-05-06 09:00"), locale="en-GB"),
    Case("05-06-2026", ("2026-05-06 09:00", "2026-06-05 09:00"), locale="en-US"),
    Case("05/06/2026", ("2026-06-05 09:00", "2026-05-06 09:00"), locale="de"),
    Case("2026/04/05", "2026-04-05 09:00"),
    Case("2026-04-05T17:30", "2026-04-05 17:30"),
    Case("1.5.2026 8:15", "2026-05-01 08:15"),
    Case("12:00 am on 10 March", "2026-03-10 00:00"),
    Case("12pm on 10 March", "2026-03-10 12:00"),
    Case("1 Dec 00.00", "2026-12-01 00:00"),
    Case("noon on 1 May", "2026-05-01 12:00"),
    Case("May 5th, 2027 at 5:30 p.m.", "2027-05-05 17:30"),
    Case("the 15th", "2026-03-15 09:00"),
    Case("the 3rd at noon", "2026-04-03 12:00"),
    Case("30 February", None),
    Case("29 Feb", "2028-02-29 09:00"),
    Case("Fri 6 March at 8", "2026-03-06 08:00"),
    Case("Mon 6 March at 8", None),
    # periods
    Case("end of month", "2026-03-31 09:00"),
    Case("end of next month", "2026-04-30 09:00"),
    Case("end of the year at noon", "2026-12-31 12:00"),
    Case("end of Q2", "2026-06-30 09:00"),
    Case("beginning of April", "2026-04-01 09:00"),
    Case("next week", "2026-03-11 15:30"),
    Case("next month", "2026-04-04 15:30"),
    # counted from a day
    Case("2 days before 1 May", "2026-04-29 09:00"),
    Case("2 days before the 1st of May", "2026-04-29 09:00"),
    Case("a week after 1 May", "2026-05-08 09:00"),
    Case("3 hours before 1 May noon", "2026-05-01 09:00"),
    Case("day after tomorrow at 7", "2026-03-06 07:00"),
    # zones
    Case("tomorrow 9am UTC", "2026-03-05 10:00"),
    Case("tomorrow 9:00 gmt+2", "2026-03-05 08:00"),
    Case("tomorrow 9am EST", "2026-03-05 15:00"),
    Case("tomorrow 9am IST", ("2026-03-05 04:30", "2026-03-05 09:00", "2026-03-05 08:00")),
    # refused
    Case("before Friday", None),
    Case("not tomorrow", None),
    Case("sometime next week", None),
    Case("Friday or Saturday", None),
    Case("yesterday", None),
    Case("blah", None),
    # other languages
    Case("in 2 Wochen um 9", "2026-03-18 09:00", locale="de"),
    Case("morgen um 9 Uhr", "2026-03-05 09:00", locale="de"),
    Case("heute Abend um 8", "2026-03-04 20:00", locale="de"),
    Case("übermorgen", "2026-03-06 15:30", locale="de"),
    Case("am Freitag um halb 9", "2026-03-06 08:30", locale="de"),
    Case("1. Mai 2026 um 17:30 Uhr", "2026-05-01 17:30", locale="de"),
    Case("Ende des Monats", "2026-03-31 09:00", locale="de"),
    Case("2 Tage vor dem 1. Mai", "2026-04-29 09:00", locale="de"),
    Case("demain à 9h", "2026-03-05 09:00", locale="fr"),
    Case("dans 2 semaines à 9h30", "2026-03-18 09:30", locale="fr"),
    Case("ce soir à 8h", "2026-03-04 20:00", locale="fr"),
    Case("le 1er mai à midi", "2026-05-01 12:00", locale="fr"),
    Case("vendredi à 17 h", "2026-03-06 17:00", locale="fr"),
    Case("mañana a las 9", "2026-03-05 09:00", locale="es-ES"),
    Case("dentro de 2 semanas", "2026-03-18 15:30", locale="es-ES"),
    Case("el viernes a las 5 de la tarde", "2026-03-06 17:00", locale="es-ES"),
    Case("1 de mayo de 2026", "2026-05-01 09:00", locale="es-ES"),
    Case("fin de mes", "2026-03-31 09:00", locale="es-ES"),
    Case("amanhã às 9", "2026-03-05 09:00", locale="pt-BR"),
    Case("daqui a 2 semanas", "2026-03-18 15:30", locale="pt-BR"),
    Case("sexta-feira às 17h", "2026-03-06 17:00", locale="pt-BR"),
    Case("明日9時", "2026-03-05 09:00", locale="ja"),
    Case("2週間後", "2026-03-18 15:30", locale="ja"),
    Case("金曜日の午後5時", "2026-03-06 17:00", locale="ja"),
    Case("12月31日", "2026-12-31 09:00", locale="ja"),
    Case("2026年4月5日 9時半", "2026-04-05 09:30", locale="ja"),
]
