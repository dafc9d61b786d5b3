"""The checksum CRC-32C (Castagnoli), worked out in C."""

from ._crc32c import crc32c

__all__ = ["crc32c"]
