"""Say how a price moved: its mean, its spread and its trend."""

import csv
from datetime import date
from pathlib import Path

import humanize
import numpy as np
from rich.console import Console
from rich.table import Table

ROWS = list(csv.DictReader((Path(__file__).parent / "prices.csv").open(encoding="utf-8")))


def summary(prices: np.ndarray) -> dict[str, str]:
    """Describe a series of daily prices."""
    slope, _ = np.polyfit(np.arange(len(prices)), prices, 1)
    return {
        "days": humanize.apnumber(len(prices)) if len(prices) < 10 else str(len(prices)),
        "mean": f"{prices.mean():.2f}",
        "spread": f"{prices.std(ddof=1):.2f}",
        "trend": f"{slope:+.2f} a day",
    }


def main() -> None:
    """Print the summary as a table."""
    days = [date.fromisoformat(row["day"]) for row in ROWS]
    prices = np.array([float(row["price"]) for row in ROWS])
    span = humanize.naturaldelta(days[-1] - days[0])
    table = Table("what", "value", title=f"Prices over {span}")
    for name, value in summary(prices).items():
        table.add_row(name, value)
    Console(width=60).print(table)


if __name__ == "__main__":
    main()
