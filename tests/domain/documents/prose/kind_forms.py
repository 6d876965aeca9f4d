"""Short documents of kinds that came up late: each with the predictions that a careful reader finds."""

from __future__ import annotations

from tests.domain.documents.prose.forms import Form

KIND_FORMS = (
    Form(
        "what will and what won't be",
        """# 2026 forecast

## What I will see

- A new phone that folds
- A peace deal in the north

## What I won't see

- Self-driving taxis in our town
- A recession at home
""",
        (
            ("A new phone", None, None),
            ("A peace deal", None, None),
            ("Self driving taxis", None, None),
            ("A recession at", None, None),
        ),
    ),
    Form(
        "how likely it is, in words",
        """# My calls for the year

I'm fairly confident that the bank cuts twice more before summer. It's almost certain that the yard misses its
target. I doubt that the two sides sign anything. It's a coin flip whether the coalition survives.
""",
        (
            ("the bank cuts twice", None, None),
            ("the yard misses its", None, None),
            ("the two sides sign", None, None),
            ("the coalition survives", None, None),
        ),
    ),
    Form(
        "whole numbers in brackets",
        """# Predictions for 2025

* [x] The mill is sold (99)
* [ ] The old mayor is back (1)
* [x] Gold passes $3,000 (40)
* [ ] The app is banned by March (55)
""",
        (
            ("The mill is sold", 0.99, True),
            ("The old mayor", 0.01, None),
            ("Gold passes", 0.4, True),
            ("The app is banned", 0.55, None),
        ),
    ),
    Form(
        "records below a label with a number",
        """# Ten predictions

Prediction 1
The bubble pops.
Confidence: medium

Prediction 2
Rates go up.
Confidence: high

Prediction 3
Someone lands on the Moon.
Confidence: low
""",
        (("The bubble pops", None, None), ("Rates go up", None, None), ("Someone lands on", None, None)),
    ),
    Form(
        "one remark for the lines above it",
        """---
title: "My 2021 predictions, a review"
date: 2022-01-03
---

- I lose five kilos: 60%

  Yes. More, even.

- I finish the course: 90%
- I work through the book: 80%

  No, neither of them.

- It snows in April: 30%

  Surprisingly no.
""",
        (
            ("I lose five", 0.6, True),
            ("I finish the course", 0.9, False),
            ("I work through", 0.8, False),
            ("It snows in April", 0.3, False),
        ),
    ),
    Form(
        "other numbers for the line above",
        """# 2021 predictions

- The index ends above 3700: 80%
- ...4000: 50%
- ...5000: 5%
- The bridge opens: 70%
""",
        (("The index ends", 0.8, None), ("4000", 0.5, None), ("5000", 0.05, None), ("The bridge opens", 0.7, None)),
    ),
    Form(
        "remarks on lines of their own, and in words",
        """2024 PREDICTIONS REVIEW

I made three predictions last January, and wrote them down where everyone could see them. How did I do?

1) The bank will cut rates at least three times
   Happened in September, November and December.
2) The old mayor will be the nominee
   Ha. No.
3) The small site will overtake the large one in daily users
   Not here, and not anywhere. Wrong.
""",
        (
            ("The bank will cut", None, True),
            ("The old mayor", None, False),
            ("The small site", None, False),
        ),
    ),
    Form(
        "what was given at the time, in words",
        """---
title: "What I got right and wrong in 2023"
date: 2024-01-04
---

Last January I wrote down four guesses. Let's see.

**The strike will continue through the year.** I gave this 85%. It happened.

**The coin ends the year below $30k.** I gave this 65%. It closed at 42k, so I was wrong.

**The banker is convicted.** I gave this 80%. Correct.
""",
        (("The strike will", 0.85, True), ("The coin ends", 0.65, False), ("The banker is", 0.8, True)),
    ),
    Form(
        "a day of writing beside a confidence",
        """---
title: "Predictions"
date: "2022-01-12"
---

| Date | Prediction | Confidence | Status |
|:--|:-- |:-- |:-- |
| 2022-01-17 | The mayor stays through 2022 | 60% | |
| 2022-01-17 | Inflation will touch 6% during 2022 | 50% | |
| 2022-01-17 | I will paint the back of the house | 55% | |
""",
        (("The mayor stays", 0.6, None), ("Inflation will touch", 0.5, None), ("I will paint", 0.55, None)),
    ),
    Form(
        "prices at the time are no probabilities",
        """| Prediction date | Ticker | Prediction date price | Prediction | Outcome |
|---|---|---|---|---|
| 09/16/2022 | GAS | 8.3 | fall below 7.5 within 3 months | ✓ |
| 09/16/2022 | DAX | 13 | fall below 12 until the end of 2023 | ✗ |
| 09/30/2022 | COP | 118 | fall below 105 until the end of 2023 | ✓ |
""",
        (("fall below 7.5", None, True), ("fall below 12", None, False), ("fall below 105", None, True)),
    ),
)
