"""Show what libpq reads from a connection string; no server is needed."""

import sys

import psycopg2
from psycopg2.extensions import parse_dsn

EXAMPLE = "postgresql://reader@db.example:5433/shop?connect_timeout=3"

if __name__ == "__main__":
    dsn = sys.argv[1] if len(sys.argv) > 1 else EXAMPLE
    for key, value in sorted(parse_dsn(dsn).items()):
        print(f"{key:16} {value}")
    print(f"{'libpq':16} {psycopg2.__libpq_version__ // 10000}")
