"""Everything that can be written to the store."""

from __future__ import annotations

from crmdesk.store.audit.rows import RowQueries
from crmdesk.store.bulk import BulkWriting
from crmdesk.store.calls.ledger import LedgerWriting
from crmdesk.store.calls.writing import CallWriting
from crmdesk.store.customers.creating import CreationWriting
from crmdesk.store.customers.merging import MergeWriting
from crmdesk.store.customers.writing import CustomerWriting
from crmdesk.store.follow_ups.writing import FollowUpWriting
from crmdesk.store.importing.custom_fields import CustomFieldWriting
from crmdesk.store.importing.updates import UpdateQueries
from crmdesk.store.importing.writing import ImportWriting
from crmdesk.store.keys.secret_rows import SecretWriting
from crmdesk.store.numbers.clinic import ClinicWriting
from crmdesk.store.numbers.ignored import IgnoredWriting
from crmdesk.store.outreach.messages import MessageWriting
from crmdesk.store.reader import Reader
from crmdesk.store.segments.writing import SegmentWriting
from crmdesk.store.service.level_writing import LevelWriting
from crmdesk.store.service.ticket_writing import TicketWriting
from crmdesk.store.timeline.writing import HistoryWriting


class Writer(
    CreationWriting,
    MergeWriting,
    IgnoredWriting,
    FollowUpWriting,
    MessageWriting,
    TicketWriting,
    LevelWriting,
    SegmentWriting,
    ImportWriting,
    CustomFieldWriting,
    UpdateQueries,
    RowQueries,
    BulkWriting,
    CallWriting,
    CustomerWriting,
    ClinicWriting,
    HistoryWriting,
    LedgerWriting,
    SecretWriting,
    Reader,
):
    """What a job on the writer thread gets: all of Reader, and one transaction.

    What a job writes is there for others when its future resolves, all of it or nothing.
    """
