"""Who is who: countries, people with dated offices, bodies, groups and roles."""

from dateline.record.actors.countries import coded_country
from dateline.record.actors.registry import Registry
from dateline.record.actors.resolve import resolve_actor
from dateline.record.actors.roles import belongs_elsewhere

__all__ = ["Registry", "belongs_elsewhere", "coded_country", "resolve_actor"]
