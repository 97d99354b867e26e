"""The price list: what AWS asks for a unit, on which day, and what it asks nothing for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Self


@dataclass(frozen=True)
class Price:
    """So many dollars for each `per` units, beyond the allowance of an account in a month."""

    service: str
    dollars: Decimal
    per: int
    allowance: int = 0

    def of(self, amount: Decimal) -> Decimal:
        """What an amount costs."""
        return self.dollars * amount / self.per

    def beyond_allowance(self, amount: Decimal) -> Decimal:
        """What an amount costs an account that uses its allowance for nothing else."""
        return self.of(max(Decimal(0), amount - self.allowance))


@dataclass(frozen=True)
class PriceList:
    """The prices by unit, such as `s3.writes`, and the page that each service has them on."""

    date: date
    region: str
    prices: Mapping[str, Price]
    sources: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Self:
        """The list as `prices.toml` has it."""
        stored: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
        day, region = stored.pop("date"), stored.pop("region")
        prices: dict[str, Price] = {}
        sources: dict[str, str] = {}
        for key, service in stored.items():
            name = service.pop("name")
            sources[name] = service.pop("source")
            for unit, price in service.items():
                dollars = Decimal(price.pop("dollars"))
                prices[f"{key}.{unit}"] = Price(name, dollars, **price)
        return cls(day, region, prices, sources)


@cache
def price_list() -> PriceList:
    """The newest list that this software knows."""
    return PriceList.read(files(__package__).joinpath("prices.toml").read_text(encoding="utf-8"))
