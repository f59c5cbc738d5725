"""Who is who: countries, people with dated offices, bodies, groups and roles."""

from dateline.record.actors.countries import coded_country
from dateline.record.actors.registry import Registry
from dateline.record.actors.resolve import resolve_actor

__all__ = ["Registry", "coded_country", "resolve_actor"]
