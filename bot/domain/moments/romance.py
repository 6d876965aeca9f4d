"""French, Spanish and Portuguese words for moments: a meaning, then the ways of saying it, in small letters without accents."""

from __future__ import annotations

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
