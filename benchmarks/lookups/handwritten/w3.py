"""W3 by hand: two dicts find a table, small tuples a row in it, and a tree of comparisons the amount.

Of 74,880 combinations of all columns but the amount only 1,664 rows of fifteen answers differ.
So the grid of 1.1 million cells becomes 600 kB of references to shared rows (266 kB), one of which is
read for each lookup, and no number is made but one sum.
"""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import Any

from benchmarks.lookups.grids import Answer, grid
from benchmarks.lookups.handwritten.doors import again

GRID = grid("w3")
REGIONS, PRODUCTS, CHANNELS, _, AGES, _, SCORES = GRID.columns

AGE = tuple(15 * AGES.part(age) for age in range(121))
SCORE = tuple(SCORES.part(score) for score in range(1001))
CHANNEL = {channel: 390 * number for number, channel in enumerate(CHANNELS.values)}


def _rows() -> dict[str, dict[str, tuple[tuple[Answer, ...], ...]]]:
    """By region and product, then by channel, newness, age and score: the answers by amount."""
    known: dict[tuple[int, ...], tuple[Answer, ...]] = {}

    def row(start: int) -> tuple[Answer, ...]:
        numbers = tuple(GRID.cells[start + 15 * amount] for amount in range(15))
        return known.setdefault(numbers, tuple(GRID.answers[number] for number in numbers))

    by_region, by_product = GRID.strides[:2]
    return {
        region: {
            product: tuple(
                row(by_region * r + by_product * p + 225 * rest + score)
                for rest in range(8 * 2 * 13)
                for score in range(15)
            )
            for p, product in enumerate(PRODUCTS.values)
        }
        for r, region in enumerate(REGIONS.values)
    }


ROWS = _rows()

CENT = Decimal("0.01")
FROM_50 = Decimal(50)
FROM_100 = Decimal(100)
FROM_250 = Decimal(250)
FROM_500 = Decimal(500)
FROM_1000 = Decimal(1000)
FROM_2500_50 = Decimal("2500.50")
FROM_5000 = Decimal(5000)
FROM_9999_99 = Decimal("9999.99")
FROM_10000 = Decimal(10000)
FROM_25000 = Decimal(25000)
FROM_50000 = Decimal(50000)
FROM_100000 = Decimal(100000)
FROM_250000 = Decimal(250000)
FROM_500000 = Decimal(500000)
END = Decimal("1000000.00")


def w3(
    region: Any, product: Any, channel: Any, is_new: Any, age: Any, amount: Any, score: Any
) -> Answer:
    try:
        if (
            type(region) is str
            and type(product) is str
            and type(channel) is str
            and type(age) is int
            and type(score) is int
            and type(amount) is Decimal
            and age >= 0
            and score >= 0
            and not amount % CENT
        ):
            if is_new is True:
                row = ROWS[region][product][CHANNEL[channel] + 195 + AGE[age] + SCORE[score]]
            elif is_new is False:
                row = ROWS[region][product][CHANNEL[channel] + AGE[age] + SCORE[score]]
            else:
                return again(
                    w3, GRID.columns, (region, product, channel, is_new, age, amount, score)
                )
            if amount < FROM_9999_99:
                if amount < FROM_500:
                    if amount < FROM_100:
                        if amount < FROM_50:
                            if amount < CENT:
                                if not amount:
                                    return row[0]
                            else:
                                return row[0]
                        else:
                            return row[1]
                    else:
                        if amount < FROM_250:
                            return row[2]
                        return row[3]
                else:
                    if amount < FROM_2500_50:
                        if amount < FROM_1000:
                            return row[4]
                        return row[5]
                    if amount < FROM_5000:
                        return row[6]
                    return row[7]
            else:
                if amount < FROM_100000:
                    if amount < FROM_25000:
                        if amount < FROM_10000:
                            return row[8]
                        return row[9]
                    if amount < FROM_50000:
                        return row[10]
                    return row[11]
                if amount < FROM_500000:
                    if amount < FROM_250000:
                        return row[12]
                    return row[13]
                if amount <= END:
                    return row[14]
    except (KeyError, IndexError, DecimalException):
        pass
    return again(w3, GRID.columns, (region, product, channel, is_new, age, amount, score))
