"""W2 by hand: small tables find a row, and comparisons written out as a tree find the income in it.

Of the four columns the income is the dear one, 25 ns a comparison, and two in three combinations of
the others need four of its cuts or more: so it comes last, as a row of ten answers. Ages and scores
are turned into parts by tuples, a third of a dict's size; a negative index would count from the end,
hence `>= 0` and `>= 300`. Everything together is 43 kB: a dict over all scores for each combination
is slower by far as soon as inputs vary.

`income % CENT` is the cheapest exact question for decimals there is. What is smaller than the
context can hold leaves no remainder: hence nothing but zero is allowed below one cent.
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import Any

from benchmarks.lookups.grids import Answer, grid
from benchmarks.lookups.handwritten.doors import again

GRID = grid("w2")
AGES, INCOMES, SCORES, EMPLOYMENTS = GRID.columns

AGE = tuple(9 * AGES.part(age) for age in range(121))
SCORE = (*(0 for _ in range(300)), *(SCORES.part(score) for score in range(300, 851)))
SHARED: dict[tuple[Answer, ...], tuple[Answer, ...]] = {}
"""Rows that are alike are one."""


def _row(age: int, score: int, employment: int) -> tuple[Answer, ...]:
    """The answers by income."""
    row = tuple(GRID.at((age, income, score, employment)) for income in range(10))
    return SHARED.setdefault(row, row)


ROWS: dict[str, tuple[tuple[Answer, ...], ...]] = {
    employment: tuple(_row(age, score, number) for age in range(10) for score in range(9))
    for number, employment in enumerate(EMPLOYMENTS.values)
}

CENT = Decimal("0.01")
FROM_12570 = Decimal(12570)
FROM_18000_50 = Decimal("18000.50")
FROM_25000 = Decimal(25000)
FROM_37700 = Decimal(37700)
FROM_50270 = Decimal(50270)
FROM_80000 = Decimal(80000)
FROM_100000 = Decimal(100000)
FROM_125140 = Decimal(125140)
FROM_200000 = Decimal(200000)
END = Decimal("500000.00")


def w2(age: Any, income: Any, score: Any, employment: Any) -> Answer:
    try:
        if (
            type(age) is int
            and type(score) is int
            and type(income) is Decimal
            and type(employment) is str
            and age >= 0
            and score >= 300
            and not income % CENT
        ):
            row = ROWS[employment][AGE[age] + SCORE[score]]
            if income < FROM_50270:
                if income < FROM_18000_50:
                    if income < FROM_12570:
                        if income < CENT:
                            if not income:
                                return row[0]
                        else:
                            return row[0]
                    else:
                        return row[1]
                else:
                    if income < FROM_37700:
                        if income < FROM_25000:
                            return row[2]
                        return row[3]
                    return row[4]
            else:
                if income < FROM_125140:
                    if income < FROM_100000:
                        if income < FROM_80000:
                            return row[5]
                        return row[6]
                    return row[7]
                if income <= END:
                    if income < FROM_200000:
                        return row[8]
                    return row[9]
    except (KeyError, IndexError, DecimalException):
        pass
    return again(w2, GRID.columns, (age, income, score, employment))
