"""The ignore list."""

from __future__ import annotations

import uuid

from sqlalchemy import bindparam, select

from crmdesk.domain.changes import ChangeKind, ChangeSet
from crmdesk.domain.ignoring import IgnoreKind, IgnoreRule
from crmdesk.domain.kept_text import kept_line
from crmdesk.matching.ignoring import ignore_text
from crmdesk.store.changes import ChangeUndoing, refusals
from crmdesk.store.queries import Queries
from crmdesk.store.tables import ignored_number

_TITLES = {
    IgnoreKind.EXACT: "{} is ignored",
    IgnoreKind.PREFIX: "Numbers that begin with {} are ignored",
    IgnoreKind.PATTERN: "Numbers like {} are ignored",
}
_list = (
    select(
        ignored_number.c.id,
        ignored_number.c.kind,
        ignored_number.c.text,
        ignored_number.c.reason,
        ignored_number.c.who,
        ignored_number.c.created_at,
    )
    .where(ignored_number.c.deleted_at.is_(None))
    .order_by(ignored_number.c.created_at, ignored_number.c.id)
)
_one = _list.where(ignored_number.c.id == bindparam("rule_id", type_=ignored_number.c.id.type))
_same = _list.where(
    ignored_number.c.kind == bindparam("kind"), ignored_number.c.text == bindparam("text")
)


class IgnoredQueries(Queries):
    """Reads the ignore list."""

    def ignored(self) -> tuple[IgnoreRule, ...]:
        """All entries, oldest first."""
        return tuple(
            IgnoreRule(key, IgnoreKind(kind), text, reason, who, at)
            for key, kind, text, reason, who, at in self._connection.execute(_list)
        )


class IgnoredWriting(ChangeUndoing):
    """Writes the ignore list."""

    def ignore(self, rule: IgnoreRule, who: str) -> ChangeSet:
        """Adds an entry.

        Args:
            rule: The entry; its key is that of the new row, `who` and `at` are not read.
            who: Name or extension of the agent.

        Raises:
            UserFacingError: It can be no entry (`matching.ignoring`), or is on the list already.
        """
        text = ignore_text(rule.kind, rule.text)
        if self._connection.execute(_same, {"kind": rule.kind, "text": text}).first():
            raise refusals.ignored_already(text)
        values = {
            "kind": rule.kind.value,
            "text": text,
            "reason": kept_line(rule.reason),
            "who": kept_line(who),
        }
        with self.change(ChangeKind.IGNORE, _TITLES[rule.kind].format(text), who) as change:
            change.insert(ignored_number, values, rule.id)
        return change.change

    def stop_ignoring(self, rule_id: uuid.UUID, who: str) -> ChangeSet:
        """Removes an entry; UserFacingError where it is no longer there."""
        found = self._connection.execute(_one, {"rule_id": rule_id}).one_or_none()
        if found is None:
            raise refusals.not_ignored()
        title = f"{found.text} is no longer ignored"
        with self.change(ChangeKind.IGNORE, title, who) as change:
            change.remove(ignored_number, rule_id)
        return change.change
