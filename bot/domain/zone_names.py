"""How people name time zones when they don't know the IANA name: abbreviations, cities, countries in their own language."""

from __future__ import annotations

_ABBREVIATIONS = """
est -5 America/New_York America/Panama | edt -4 America/New_York | et America/New_York
cst -6 America/Chicago, +8 Asia/Shanghai, -5 America/Havana | cdt -5 America/Chicago | ct America/Chicago
mst -7 America/Denver America/Phoenix | mdt -6 America/Denver | mt America/Denver
pst -8 America/Los_Angeles, +8 Asia/Manila | pdt -7 America/Los_Angeles | pt America/Los_Angeles
akst -9 America/Anchorage | akdt -8 America/Anchorage | hst -10 Pacific/Honolulu
ast -4 America/Halifax America/Puerto_Rico, +3 Asia/Riyadh | adt -3 America/Halifax | nst -3:30 America/St_Johns
ndt -2:30 America/St_Johns | brt -3 America/Sao_Paulo | art -3 America/Argentina/Buenos_Aires | clt -4 America/Santiago
cot -5 America/Bogota | pet -5 America/Lima | vet -4 America/Caracas
gmt +0 Europe/London Africa/Accra | bst +1 Europe/London, +6 Asia/Dhaka | wet +0 Europe/Lisbon | west +1 Europe/Lisbon
ist +5:30 Asia/Kolkata, +1 Europe/Dublin, +2 Asia/Jerusalem | idt +3 Asia/Jerusalem
cet +1 Europe/Berlin | cest +2 Europe/Berlin | mez +1 Europe/Berlin | mesz +2 Europe/Berlin | eet +2 Europe/Athens Europe/Kyiv Africa/Cairo
eest +3 Europe/Athens Europe/Kyiv | msk +3 Europe/Moscow | trt +3 Europe/Istanbul
wat +1 Africa/Lagos | cat +2 Africa/Maputo | eat +3 Africa/Nairobi | sast +2 Africa/Johannesburg
gst +4 Asia/Dubai | irst +3:30 Asia/Tehran | pkt +5 Asia/Karachi | npt +5:45 Asia/Kathmandu
wib +7 Asia/Jakarta | wita +8 Asia/Makassar | wit +9 Asia/Jayapura | ict +7 Asia/Bangkok Asia/Ho_Chi_Minh
sgt +8 Asia/Singapore | myt +8 Asia/Kuala_Lumpur | hkt +8 Asia/Hong_Kong | pht +8 Asia/Manila
jst +9 Asia/Tokyo | kst +9 Asia/Seoul
awst +8 Australia/Perth | acst +9:30 Australia/Adelaide Australia/Darwin | acdt +10:30 Australia/Adelaide
aest +10 Australia/Sydney Australia/Brisbane | aedt +11 Australia/Sydney | nzst +12 Pacific/Auckland | nzdt +13 Pacific/Auckland
"""


def _offset(written: str) -> int:
    hours, _, minutes = written[1:].partition(":")
    return (-1 if written[0] == "-" else 1) * (int(hours) * 60 + int(minutes or 0))


def _places(written: str) -> tuple[tuple[str, int | None], ...]:
    places: list[tuple[str, int | None]] = []
    for group in written.split(", "):
        offset: int | None = None
        for word in group.split():
            if word[0] in "+-":
                offset = _offset(word)
            else:
                places.append((word, offset))
    return tuple(places)


ABBREVIATIONS = {
    name: _places(written)
    for line in _ABBREVIATIONS.strip().splitlines()
    for entry in line.split(" | ")
    for name, _, written in [entry.partition(" ")]
}
"""Places that go by an abbreviation, the likeliest first, with the minutes from UTC that it names; None for a place's own clock."""

_CITIES = """
America/New_York: boston, washington, washington dc, philadelphia, atlanta, miami, orlando, pittsburgh, cleveland, charlotte, nyc, manhattan
America/Chicago: houston, dallas, austin, san antonio, minneapolis, st louis, new orleans, nashville, milwaukee, kansas city
America/Denver: salt lake city, albuquerque
America/Los_Angeles: san francisco, seattle, san diego, las vegas, san jose, portland, sacramento, silicon valley, bay area
America/Toronto: ottawa, montreal, quebec
America/Edmonton: calgary
America/Mexico_City: guadalajara, puebla
America/Sao_Paulo: rio, rio de janeiro, brasilia, belo horizonte, curitiba, porto alegre
America/Guayaquil: quito
America/Bogota: medellin, cali
Europe/London: manchester, edinburgh, glasgow, birmingham, liverpool, oxford, cambridge, bristol, leeds, cardiff
Europe/Berlin: munich, munchen, frankfurt, hamburg, cologne, koln, stuttgart, leipzig, dresden, dusseldorf, nurnberg
Europe/Zurich: geneva, basel, bern, lausanne
Europe/Paris: lyon, marseille, toulouse, nice, bordeaux, lille, strasbourg
Europe/Madrid: barcelona, valencia, seville, sevilla, bilbao, malaga
Europe/Rome: milan, milano, naples, napoli, turin, torino, florence, venice, roma, bologna
Europe/Vienna: wien, graz, salzburg
Europe/Amsterdam: rotterdam, the hague, utrecht
Europe/Brussels: antwerp, ghent
Europe/Lisbon: porto, lisboa
Europe/Warsaw: krakow, gdansk, wroclaw, warszawa
Europe/Prague: brno, praha
Europe/Stockholm: gothenburg, malmo
Europe/Moscow: saint petersburg, st petersburg
Europe/Istanbul: ankara, izmir
Europe/Kyiv: kiev, lviv, odesa, kharkiv
Asia/Jerusalem: tel aviv, haifa
Asia/Dubai: abu dhabi
Asia/Riyadh: jeddah, mecca
Asia/Kolkata: mumbai, bombay, delhi, new delhi, bangalore, bengaluru, chennai, hyderabad, pune, ahmedabad, calcutta
Asia/Karachi: lahore, islamabad
Asia/Shanghai: beijing, shenzhen, guangzhou, hangzhou, chengdu, wuhan, tianjin
Asia/Ho_Chi_Minh: hanoi, saigon
Asia/Tokyo: osaka, kyoto, yokohama, nagoya, sapporo, fukuoka
Asia/Seoul: busan, incheon
Africa/Johannesburg: cape town, durban, pretoria
Africa/Lagos: abuja
Africa/Casablanca: rabat, marrakesh
Australia/Sydney: canberra
Pacific/Auckland: wellington, christchurch
"""
CITIES = {
    name: zone
    for line in _CITIES.strip().splitlines()
    for zone, _, names in [line.partition(": ")]
    for name in names.split(", ")
}
"""Big cities that name no zone."""

COUNTRY_NAMES = {
    "US": "usa united states of america america",
    "GB": "uk great_britain england scotland wales northern_ireland united_kingdom",
    "DE": "deutschland allemagne alemania alemanha ドイツ",
    "AT": "osterreich",
    "CH": "schweiz suisse svizzera",
    "FR": "frankreich francia franca",
    "ES": "espana spanien espagne espanha",
    "PT": "portugal",
    "BR": "brasil brasilien",
    "IT": "italia italien",
    "NL": "holland nederland the_netherlands",
    "BE": "belgique belgie belgien",
    "PL": "polska polen",
    "CZ": "czechia cesko",
    "SE": "sverige schweden",
    "NO": "norge norwegen",
    "DK": "danmark danemark",
    "FI": "suomi finnland",
    "GR": "ellada griechenland",
    "TR": "turkiye turkey turkei",
    "RU": "rossiya россия",
    "UA": "ukraina україна",
    "JP": "nippon nihon 日本 japon japao",
    "CN": "中国 中國",
    "KR": "south_korea korea 한국 대한민국",
    "TW": "taiwan 台灣 台湾",
    "IN": "bharat भारत indien inde",
    "TH": "ประเทศไทย",
    "VN": "vietnam",
    "MX": "mexiko mexique",
    "AE": "uae emirates",
    "IR": "iran",
    "SY": "syria",
    "KP": "north_korea",
}
"""What countries are called besides their English names of ISO 3166."""
