"""Everything that can be asked of the store."""

from __future__ import annotations

from crmdesk.store.audit.history import HistoryQueries
from crmdesk.store.calls.caller_rows import CallerQueries
from crmdesk.store.calls.ledger import LedgerQueries
from crmdesk.store.calls.reading import CallQueries
from crmdesk.store.changes import ChangeQueries
from crmdesk.store.customers.merge_places import MergeQueries
from crmdesk.store.exporting.reading import ExportQueries
from crmdesk.store.exporting.records import RecordExportQueries
from crmdesk.store.follow_ups.queries import FollowUpQueries
from crmdesk.store.importing.known_notes import KnownNotes
from crmdesk.store.importing.linking import LinkingQueries
from crmdesk.store.importing.lookups import LookupQueries
from crmdesk.store.importing.records import InvoiceSums
from crmdesk.store.importing.whole import WholeQueries
from crmdesk.store.keys.secret_rows import SecretQueries
from crmdesk.store.number_index.rows import IndexQueries
from crmdesk.store.numbers.clinic import ClinicQueries
from crmdesk.store.numbers.ignored import IgnoredQueries
from crmdesk.store.outreach.messages import MessageQueries
from crmdesk.store.owners import OwnerQueries
from crmdesk.store.planning.use import UseQueries
from crmdesk.store.sales.leads import LeadQueries
from crmdesk.store.sales.queries import SalesQueries
from crmdesk.store.segments.queries import SegmentQueries
from crmdesk.store.service.ticket_lists import TicketListQueries
from crmdesk.store.story.reading import StoryQueries
from crmdesk.store.surveys.queries import SurveyQueries


class Reader(
    TicketListQueries,
    OwnerQueries,
    StoryQueries,
    CallQueries,
    ExportQueries,
    CallerQueries,
    ChangeQueries,
    ClinicQueries,
    FollowUpQueries,
    HistoryQueries,
    IgnoredQueries,
    IndexQueries,
    SegmentQueries,
    KnownNotes,
    LinkingQueries,
    LookupQueries,
    MergeQueries,
    MessageQueries,
    InvoiceSums,
    RecordExportQueries,
    WholeQueries,
    LeadQueries,
    LedgerQueries,
    SalesQueries,
    SurveyQueries,
    UseQueries,
    SecretQueries,
):
    """What a job on the reader thread gets. Also the `OwnerLookup` of the match ladder.

    Returns frozen values only; the object itself must not leave its job.
    """
