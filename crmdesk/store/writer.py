"""Everything that can be written to the store."""

from __future__ import annotations

from crmdesk.store.audit.rows import RowQueries
from crmdesk.store.bulk import BulkWriting
from crmdesk.store.call_writing import CallWriting
from crmdesk.store.clinic import ClinicWriting
from crmdesk.store.creating import CreationWriting
from crmdesk.store.customer_writing import CustomerWriting
from crmdesk.store.follow_ups.writing import FollowUpWriting
from crmdesk.store.history_writing import HistoryWriting
from crmdesk.store.ignored import IgnoredWriting
from crmdesk.store.importing.custom_fields import CustomFieldWriting
from crmdesk.store.importing.updates import UpdateQueries
from crmdesk.store.importing.writing import ImportWriting
from crmdesk.store.ledger import LedgerWriting
from crmdesk.store.merging import MergeWriting
from crmdesk.store.outreach.messages import MessageWriting
from crmdesk.store.reader import Reader
from crmdesk.store.secret_rows import SecretWriting
from crmdesk.store.segments.writing import SegmentWriting
from crmdesk.store.service.level_writing import LevelWriting
from crmdesk.store.service.ticket_writing import TicketWriting


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
