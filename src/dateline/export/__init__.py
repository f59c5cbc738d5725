"""The formats in which a store is handed on; docs/formats.md describes them."""

from dateline.export.write import FORMATS, Format, export

__all__ = ["FORMATS", "Format", "export"]
