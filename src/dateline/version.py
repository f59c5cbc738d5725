"""The version of the code, as recorded in every Record."""

__version__ = "0.1.0"
