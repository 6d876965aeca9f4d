"""Words for moments beside English: a meaning, and parted by bars the ways of saying it, in small letters without accents."""

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
FRENCH = """
FILLER: le | la | les | du | de | l' | d' | au | en
AT: a | vers
IN: dans | d'ici
LATER: plus tard | a partir de maintenant
BEFORE: avant | avant le | plus tot
AFTER: apres | apres le
AND: et
NEXT: prochain | prochaine | prochains
THIS: ce | cette | cet
LAST: dernier | derniere | passe
END: fin | fin du | fin de | a la fin du | a la fin de
START: debut | debut du | debut de
EVERY: chaque | tous les | toutes les
EVERY 5: mensuellement
UNTIL: jusqu'au | jusqu'a
OCLOCK: h | heures | heure
HALF: demi | demie | et demie
ITS: la cloture | la date | sa date | l'echeance
DAY 0: aujourd'hui
DAY 1: demain
DAY 2: apres-demain | apres demain
DAY -1: hier
PART 9: matin | du matin
PART 15: apres-midi | de l'apres-midi | apres midi
PART 19: soir | du soir
PART 21: nuit
PART 19 0: ce soir
PART 21 0: cette nuit
TIME 720: midi
TIME 0: minuit
UNIT 1: minute | minutes
UNIT 2: heures | heure
UNIT 3: jour | jours | j
UNIT 4: semaine | semaines
UNIT 5: mois
UNIT 6: trimestre
UNIT 7: an | ans | annee | annees
WEEKDAY 0: lundi | lun
PLURAL 0: lundis
WEEKDAY 1: mardi
PLURAL 1: mardis
WEEKDAY 2: mercredi | mer
PLURAL 2: mercredis
WEEKDAY 3: jeudi | jeu
PLURAL 3: jeudis
WEEKDAY 4: vendredi | ven
PLURAL 4: vendredis
WEEKDAY 5: samedi | sam
PLURAL 5: samedis
WEEKDAY 6: dimanche | dim
PLURAL 6: dimanches
NUMBER 1: un | une | premier
NUMBER 2: deux
NUMBER 3: trois
NUMBER 4: quatre
NUMBER 5: cinq
NUMBER 6: six
NUMBER 7: sept
NUMBER 8: huit
NUMBER 9: neuf
NUMBER 10: dix
NUMBER 11: onze
NUMBER 12: douze
"""
SPANISH = """
FILLER: el | la | los | las | de | del | al | en
AT: a las | a la | a
IN: dentro de | en
LATER: mas tarde | despues | a partir de ahora
BEFORE: antes | antes de | antes del
AFTER: despues de | despues del
AND: y
NEXT: proximo | proxima | que viene
THIS: este | esta
LAST: pasado | pasada | ultimo
END: fin de | final de | finales de | fin del | el fin de
START: principio de | principios de | inicio de | comienzo de
EVERY: cada | todos los | todas las
UNTIL: hasta | hasta el
OCLOCK: h | horas en punto | en punto
HALF: media | y media
ITS: se cierra | la fecha | su fecha | el cierre
DAY 0: hoy
DAY 1: manana
DAY 2: pasado manana
DAY -1: ayer
PART 9: de la manana | por la manana
PART 15: de la tarde | por la tarde | tarde
PART 21: de la noche | por la noche | noche
PART 21 0: esta noche
PART 15 0: esta tarde
TIME 720: mediodia | al mediodia
TIME 0: medianoche | a medianoche
UNIT 1: minuto | minutos
UNIT 2: hora | horas
UNIT 3: dia | dias
UNIT 4: semana | semanas
UNIT 5: mes | meses
UNIT 6: trimestre
UNIT 7: ano | anos
WEEKDAY 0: lunes | lun
WEEKDAY 1: martes
WEEKDAY 2: miercoles | mie
WEEKDAY 3: jueves | jue
WEEKDAY 4: viernes | vie
WEEKDAY 5: sabado | sab
PLURAL 5: sabados
WEEKDAY 6: domingo | dom
PLURAL 6: domingos
NUMBER 1: un | una | uno | primero
NUMBER 2: dos
NUMBER 3: tres
NUMBER 4: cuatro
NUMBER 5: cinco
NUMBER 6: seis
NUMBER 7: siete
NUMBER 8: ocho
NUMBER 9: nueve
NUMBER 10: diez
NUMBER 11: once
NUMBER 12: doce
"""
PORTUGUESE = """
FILLER: o | a | os | as | do | da | de | dos | no | na | em | ao | pela
AT: as | a
IN: daqui a | dentro de | em
LATER: mais tarde | depois | a partir de agora
BEFORE: antes | antes de | antes do | antes da
AFTER: depois de | depois do | apos
AND: e
NEXT: proximo | proxima | que vem
THIS: este | esta | neste | nesta
LAST: passado | passada | ultimo
END: fim do | fim de | final do | o fim do | final de
START: inicio do | comeco do | inicio de | comeco de
EVERY: cada | todo | toda | todos os | todas as
UNTIL: ate
OCLOCK: h | em ponto
HALF: meia | e meia
ITS: fechar | a data | o fechamento | o prazo
DAY 0: hoje
DAY 1: amanha
DAY 2: depois de amanha
DAY -1: ontem
PART 9: da manha | de manha | manha
PART 15: da tarde | de tarde | a tarde | tarde
PART 21: da noite | de noite | a noite | noite
PART 21 0: hoje a noite | esta noite
TIME 720: meio-dia | meio dia
TIME 0: meia-noite | meia noite
UNIT 1: minuto | minutos
UNIT 2: hora | horas
UNIT 3: dia | dias
UNIT 4: semana | semanas
UNIT 5: mes | meses
UNIT 6: trimestre
UNIT 7: ano | anos
WEEKDAY 0: segunda-feira | segunda
PLURAL 0: segundas
WEEKDAY 1: terca-feira | terca
PLURAL 1: tercas
WEEKDAY 2: quarta-feira | quarta
PLURAL 2: quartas
WEEKDAY 3: quinta-feira | quinta
PLURAL 3: quintas
WEEKDAY 4: sexta-feira | sexta
PLURAL 4: sextas
WEEKDAY 5: sabado | sab
PLURAL 5: sabados
WEEKDAY 6: domingo | dom
PLURAL 6: domingos
NUMBER 1: um | uma | primeiro
NUMBER 2: dois | duas
NUMBER 3: tres
NUMBER 4: quatro
NUMBER 5: cinco
NUMBER 6: seis
NUMBER 7: sete
NUMBER 8: oito
NUMBER 9: nove
NUMBER 10: dez
NUMBER 11: onze
NUMBER 12: doze
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
