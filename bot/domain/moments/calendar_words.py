"""The words of calendars and clocks in the languages that moments are read in, without accents: 1 is January, and Monday."""

from __future__ import annotations

_MONTHS = (
    "january jan januar janner janvier janv enero ene janeiro",
    "february feb februar februari fevrier fevr febrero fevereiro fev",
    "march mar marz mars marzo marco mrz",
    "april apr avril avr abril abr",
    "may mai mayo maio",
    "june jun juni juin junio junho",
    "july jul juli juillet juil julio julho",
    "august aug aout agosto ago",
    "september sept sep septembre septiembre set setembro",
    "october oct oktober okt octobre octubre outubro out",
    "november nov novembre noviembre novembro",
    "december dec dezember dez decembre diciembre dic dezembro",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
"""No name means two months in two of the languages, so all of them are read everywhere."""
OUR_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
OUR_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
