"""German and Japanese words for moments: a meaning, then the ways of saying it, in small letters without accents."""

from __future__ import annotations

GERMAN = """
FILLER: am | im | der | den | dem | des | das | die | zum | beim | vom
AT: um | gegen
IN: in | binnen
LATER: ab jetzt | spater
BEFORE: vor | vorher | davor | zuvor
AFTER: nach
AND: und
NEXT: nachsten | nachste | nachster | nachstes | kommenden | kommende | kommender
THIS: diesen | diese | dieser | dieses
LAST: letzten | letzte | letzter
END: ende | am ende | zum ende
START: anfang | beginn | am anfang
EVERY: jeden | jede | jedes | alle
NTH 1: ersten | erste
NTH 2: zweiten | zweite
NTH 3: dritten | dritte
UNTIL: bis
OCLOCK: uhr
HALF: halbe | halben | halbes
HALF -30: halb
PAST: nach
TO: vor
EVERY 3: taglich
EVERY 4: wochentlich
EVERY 5: monatlich
EVERY 7: jahrlich
ITS: es schliesst | es schließt | es endet | dem ende | dem datum | dem termin | der frist | dem schluss
DAY 0: heute
DAY 1: morgen
DAY 2: ubermorgen
DAY -1: gestern
PART 9: fruh | vormittag | am morgen | morgens | vormittags
PART 15: nachmittag | nachmittags | am nachmittag
PART 19: abend | abends | am abend
PART 21: nacht | nachts | in der nacht
TIME 720: mittag | mittags | am mittag
TIME 0: mitternacht | um mitternacht
UNIT 1: minute | minuten
UNIT 2: stunde | stunden | std
UNIT 3: tag | tage | tagen | tages
UNIT 4: woche | wochen
UNIT 5: monat | monate | monaten | monats
UNIT 6: quartal | quartale | quartals | viertel
UNIT 7: jahr | jahre | jahren | jahres
WEEKDAY 0: montag | mo
PLURAL 0: montags
WEEKDAY 1: dienstag | di
PLURAL 1: dienstags
WEEKDAY 2: mittwoch | mi
PLURAL 2: mittwochs
WEEKDAY 3: donnerstag | do
PLURAL 3: donnerstags
WEEKDAY 4: freitag | fr
PLURAL 4: freitags
WEEKDAY 5: samstag | sonnabend | sa
PLURAL 5: samstags
WEEKDAY 6: sonntag | so
PLURAL 6: sonntags
WEEKDAYS: werktag | wochentag
NUMBER 1: ein | eine | einer | einem | einen | eins
NUMBER 2: zwei
NUMBER 3: drei
NUMBER 4: vier
NUMBER 5: funf
NUMBER 6: sechs
NUMBER 7: sieben
NUMBER 8: acht
NUMBER 9: neun
NUMBER 10: zehn
NUMBER 11: elf
NUMBER 12: zwolf
"""
JAPANESE = """
FILLER 1: の | に | 、 | は | ごろ | 頃
LATER: 後 | あと
BEFORE: 前
NEXT: 来 | 次 | 次の
THIS: 今 | 今度の
LAST: 先 | 去
EVERY: 毎
EVERY 3: 毎日
EVERY 4: 毎週
EVERY 5: 毎月
EVERY 7: 毎年
UNTIL: まで
AM: 午前
PM: 午後
PART 9: 朝
PART 19: 夕方
PART 21: 夜
OCLOCK: 時
HALF: 半
ITS: 締め切り | 締切 | 期限
DAY 0: 今日 | 本日
DAY 1: 明日 | あした
DAY 2: 明後日 | あさって
DAY -1: 昨日
PART 21 0: 今夜 | 今晩
TIME 720: 正午
UNIT 1: 分間 | 分
UNIT 2: 時間
UNIT 3: 日間 | 日
UNIT 4: 週間 | 週
UNIT 5: ヶ月 | か月 | カ月 | ケ月 | 月
UNIT 7: 年間 | 年
DAY_MARK: 日
MINUTE_MARK: 分
MONTH_MARK: 月
YEAR_MARK: 年
WEEKDAY 0: 月曜日 | 月曜
WEEKDAY 1: 火曜日 | 火曜
WEEKDAY 2: 水曜日 | 水曜
WEEKDAY 3: 木曜日 | 木曜
WEEKDAY 4: 金曜日 | 金曜
WEEKDAY 5: 土曜日 | 土曜
WEEKDAY 6: 日曜日 | 日曜
END: 末
END 5: 月末
END 7: 年末
NUMBER 1: 一
NUMBER 2: 二
NUMBER 3: 三
NUMBER 4: 四
NUMBER 5: 五
NUMBER 6: 六
NUMBER 7: 七
NUMBER 8: 八
NUMBER 9: 九
NUMBER 10: 十
"""
