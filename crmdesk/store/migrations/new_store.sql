CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE customer (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    company_id BLOB,
    role TEXT DEFAULT '' NOT NULL,
    account_id TEXT DEFAULT '' NOT NULL,
    language TEXT DEFAULT '' NOT NULL,
    salutation TEXT DEFAULT '' NOT NULL,
    source TEXT DEFAULT '' NOT NULL,
    status TEXT NOT NULL,
    segment TEXT DEFAULT '' NOT NULL,
    customer_since DATE,
    do_not_call BOOLEAN DEFAULT 0 NOT NULL, owner TEXT DEFAULT '' NOT NULL, batch_id BLOB, merged_into BLOB,
    PRIMARY KEY (id)
)
WITHOUT ROWID;
CREATE INDEX ix_customer_account ON customer (account_id);
CREATE INDEX ix_customer_company ON customer (company_id);
CREATE INDEX ix_customer_name_key ON customer (name_key);
CREATE INDEX ix_customer_sort_key ON customer (sort_key, id);
CREATE TABLE customer_number (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    raw TEXT NOT NULL,
    e164 TEXT,
    extension TEXT DEFAULT '' NOT NULL,
    national TEXT DEFAULT '' NOT NULL,
    region TEXT DEFAULT '' NOT NULL,
    rev_digits TEXT DEFAULT '' NOT NULL,
    label TEXT DEFAULT '' NOT NULL, since DATE, until DATE,
    PRIMARY KEY (id)
);
CREATE INDEX ix_number_customer ON customer_number (customer_id);
CREATE INDEX ix_number_national ON customer_number (national, region);
CREATE INDEX ix_number_rev_digits ON customer_number (rev_digits);
CREATE TABLE email (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    address TEXT NOT NULL,
    label TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_email_customer ON email (customer_id);
CREATE TABLE address (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    street TEXT DEFAULT '' NOT NULL,
    postcode TEXT DEFAULT '' NOT NULL,
    city TEXT DEFAULT '' NOT NULL,
    country TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_address_customer ON address (customer_id);
CREATE TABLE call (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    line_id TEXT DEFAULT '' NOT NULL,
    direction TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    caller_raw TEXT DEFAULT '' NOT NULL,
    caller_e164 TEXT,
    caller_name TEXT DEFAULT '' NOT NULL,
    presentation TEXT NOT NULL,
    dialled TEXT,
    queue TEXT,
    account_id TEXT,
    first_rang_at BIGINT,
    answered_at BIGINT,
    answered_by TEXT,
    agent TEXT,
    connected_at BIGINT,
    ring_seconds FLOAT DEFAULT '0' NOT NULL,
    talk_seconds FLOAT DEFAULT '0' NOT NULL,
    on_hold BOOLEAN DEFAULT 0 NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    outcome TEXT,
    customer_id BLOB,
    match_state TEXT,
    match_rule TEXT,
    match_digits TEXT DEFAULT '' NOT NULL, verification TEXT DEFAULT 'unknown' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_call_lost ON call (started_at, id) WHERE direction = 'inbound' AND outcome IN ('missed', 'abandoned', 'busy', 'declined', 'voicemail', 'failed');
CREATE INDEX ix_call_open ON call (started_at, id) WHERE ended_at IS NULL;
CREATE INDEX ix_call_started ON call (started_at, id);
CREATE TABLE call_offer (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    call_id BLOB NOT NULL,
    extension TEXT NOT NULL,
    offered_at BIGINT NOT NULL,
    rang_at BIGINT,
    ended_at BIGINT,
    rounds INTEGER NOT NULL,
    outcome TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_offer_call ON call_offer (call_id);
CREATE INDEX ix_offer_extension ON call_offer (extension, offered_at);
CREATE TABLE call_transfer (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    call_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_extension TEXT NOT NULL,
    to_extension TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_transfer_call ON call_transfer (call_id);
CREATE TABLE call_pop (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    call_id BLOB NOT NULL,
    extension TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_pop_call ON call_pop (call_id);
CREATE TABLE interaction (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    detail TEXT DEFAULT '' NOT NULL,
    call_id BLOB,
    PRIMARY KEY (id)
);
CREATE INDEX ix_interaction_call ON interaction (call_id);
CREATE TABLE ticket (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    due_at BIGINT,
    solved_at BIGINT, detail TEXT DEFAULT '' NOT NULL, stage TEXT DEFAULT '' NOT NULL, owner TEXT DEFAULT '' NOT NULL, escalated_to TEXT DEFAULT '' NOT NULL, policy_id BLOB, call_id BLOB, first_due_at BIGINT, next_due_at BIGINT, paused_at BIGINT, watch_at BIGINT, first_answered_at BIGINT, first_warned_at BIGINT, warned_at BIGINT, first_breached_at BIGINT, breached_at BIGINT, escalation INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_ticket_timeline ON ticket (customer_id, at, id);
CREATE TABLE sales_order (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    number TEXT NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    status TEXT NOT NULL,
    total_cents INTEGER NOT NULL,
    currency TEXT NOT NULL,
    promised_at BIGINT,
    shipped_at BIGINT, delivered_at BIGINT, carrier TEXT DEFAULT '' NOT NULL, tracking TEXT DEFAULT '' NOT NULL, detail TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_sales_order_timeline ON sales_order (customer_id, at, id);
CREATE TABLE payment (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    number TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    currency TEXT NOT NULL,
    due_on DATE,
    paid_at BIGINT,
    method TEXT DEFAULT '' NOT NULL, paid_cents INTEGER DEFAULT '0' NOT NULL, order_id BLOB, status TEXT DEFAULT 'open' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_payment_timeline ON payment (customer_id, at, id);
CREATE TABLE survey_answer (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    score INTEGER NOT NULL,
    comment TEXT DEFAULT '' NOT NULL, scale TEXT DEFAULT 'csat' NOT NULL, survey_id BLOB, call_id BLOB, who TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_survey_answer_timeline ON survey_answer (customer_id, at, id);
CREATE TABLE follow_up (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    due_at BIGINT NOT NULL,
    done_at BIGINT, owner TEXT DEFAULT '' NOT NULL, detail TEXT DEFAULT '' NOT NULL, place TEXT DEFAULT '' NOT NULL, repeats TEXT DEFAULT '' NOT NULL, done_by TEXT DEFAULT '' NOT NULL, outcome TEXT DEFAULT '' NOT NULL, e164 TEXT DEFAULT '' NOT NULL, ends_at BIGINT, remind_at BIGINT, series_id BLOB, call_id BLOB,
    PRIMARY KEY (id)
);
CREATE INDEX ix_follow_up_timeline ON follow_up (customer_id, at, id);
CREATE TABLE meta (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE secret (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    ref TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (ref)
);
CREATE TABLE search_row (
    "row" INTEGER NOT NULL,
    customer_id BLOB NOT NULL,
    PRIMARY KEY ("row"),
    UNIQUE (customer_id)
);
CREATE VIRTUAL TABLE customer_search USING fts5(text, content='', contentless_delete=1, tokenize='trigram');
CREATE TABLE number_claim (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    e164 TEXT NOT NULL,
    customer_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_claim_e164 ON number_claim (e164, deleted_at, created_at);
CREATE INDEX ix_claim_customer ON number_claim (customer_id);
CREATE TABLE ignored_number (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE change_set (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    kind TEXT NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT 'done' NOT NULL,
    undone_at BIGINT,
    undone_by TEXT DEFAULT '' NOT NULL,
    undone_down_to INTEGER,
    kept INTEGER DEFAULT '0' NOT NULL, created INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_change_set_created ON change_set (created_at, id);
CREATE INDEX ix_change_set_unfinished ON change_set (created_at) WHERE state IN ('open', 'undoing');
CREATE TABLE change_row (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    change_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_id BLOB NOT NULL,
    "before" TEXT,
    "after" TEXT, customer_id BLOB,
    PRIMARY KEY (id)
);
CREATE INDEX ix_change_row_change ON change_row (change_id, position);
CREATE INDEX ix_change_row_row ON change_row (row_id);
CREATE TABLE ledger_line (
    sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    line_id TEXT NOT NULL,
    event TEXT NOT NULL,
    outcome TEXT NOT NULL,
    call_id BLOB,
    extension TEXT DEFAULT '' NOT NULL,
    rule TEXT DEFAULT '' NOT NULL,
    digits TEXT DEFAULT '' NOT NULL,
    candidates INTEGER DEFAULT '0' NOT NULL,
    millis FLOAT,
    words TEXT DEFAULT '' NOT NULL
);
CREATE INDEX ix_ledger_at ON ledger_line (at, outcome);
CREATE INDEX ix_ledger_call ON ledger_line (call_id);
CREATE INDEX ix_number_e164 ON customer_number (e164, deleted_at, customer_id);
CREATE INDEX ix_call_e164 ON call (caller_e164, started_at, deleted_at, direction, outcome, customer_id);
CREATE INDEX ix_call_timeline ON call (customer_id, started_at, id, deleted_at, direction, outcome, answered_by, agent, talk_seconds, queue, dialled);
CREATE INDEX ix_number_extension ON customer_number (e164, extension) WHERE extension != '';
CREATE INDEX ix_ticket_open ON ticket (customer_id) WHERE status != 'solved' AND deleted_at IS NULL;
CREATE INDEX ix_follow_up_open ON follow_up (customer_id, due_at) WHERE done_at IS NULL AND deleted_at IS NULL;
CREATE INDEX ix_customer_batch ON customer (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX ix_email_address ON email (address COLLATE NOCASE);
CREATE TABLE external_ref (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_external_ref_id ON external_ref (source, external_id);
CREATE INDEX ix_external_ref_customer ON external_ref (customer_id);
CREATE TABLE custom_field (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    "key" TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    choices TEXT DEFAULT '[]' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL, hint TEXT DEFAULT '' NOT NULL, is_retired BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id),
    UNIQUE ("key")
);
CREATE TABLE custom_value (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    field_key TEXT NOT NULL,
    value TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_custom_value_customer ON custom_value (customer_id);
CREATE INDEX ix_custom_value_value ON custom_value (field_key, value);
CREATE TABLE sync_state (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    profile TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (profile)
);
CREATE INDEX ix_interaction_timeline ON interaction (customer_id, at, id, kind, deleted_at);
CREATE INDEX ix_ticket_watch ON ticket (watch_at, id) WHERE watch_at IS NOT NULL;
CREATE INDEX ix_payment_open ON payment (customer_id, due_on) WHERE paid_at IS NULL AND deleted_at IS NULL;
CREATE INDEX ix_ticket_number ON ticket (number);
CREATE INDEX ix_sales_order_number ON sales_order (number);
CREATE INDEX ix_sales_order_worth ON sales_order (customer_id, deleted_at, status, currency, total_cents);
CREATE INDEX ix_payment_number ON payment (number);
CREATE INDEX ix_payment_order ON payment (order_id);
CREATE TABLE ticket_entry (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    ticket_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    "before" TEXT DEFAULT '' NOT NULL,
    "after" TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_ticket_entry_customer ON ticket_entry (customer_id, at);
CREATE INDEX ix_ticket_entry_ticket ON ticket_entry (ticket_id, at, id);
CREATE TABLE ticket_link (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    ticket_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    target_id BLOB NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_ticket_link_target ON ticket_link (target_id);
CREATE INDEX ix_ticket_link_ticket ON ticket_link (ticket_id);
CREATE TABLE sla_policy (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    name TEXT NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    ticket_kind TEXT DEFAULT '' NOT NULL,
    priority TEXT DEFAULT '' NOT NULL,
    segment TEXT DEFAULT '' NOT NULL,
    first_answer_minutes INTEGER,
    resolution_minutes INTEGER,
    warn_percent INTEGER DEFAULT '80' NOT NULL,
    calendar_id BLOB,
    escalate_to TEXT DEFAULT '' NOT NULL,
    is_active BOOLEAN DEFAULT 1 NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE work_calendar (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    is_always_open BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE work_hours (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    calendar_id BLOB NOT NULL,
    weekday INTEGER NOT NULL,
    from_minute INTEGER NOT NULL,
    until_minute INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_work_hours_calendar ON work_hours (calendar_id);
CREATE TABLE work_holiday (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    calendar_id BLOB NOT NULL,
    day DATE NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_work_holiday_calendar ON work_holiday (calendar_id, day);
CREATE TABLE order_line (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    order_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT DEFAULT '' NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    quantity_milli INTEGER DEFAULT '1000' NOT NULL,
    unit_cents INTEGER DEFAULT '0' NOT NULL,
    total_cents INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_order_line_order ON order_line (order_id, position);
CREATE TABLE receipt (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    invoice_id BLOB,
    amount_cents INTEGER NOT NULL,
    currency TEXT NOT NULL,
    method TEXT DEFAULT '' NOT NULL,
    method_id BLOB,
    reference TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_receipt_invoice ON receipt (invoice_id);
CREATE INDEX ix_receipt_timeline ON receipt (customer_id, at, id);
CREATE TABLE payment_method (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    brand TEXT DEFAULT '' NOT NULL,
    last_four TEXT DEFAULT '' NOT NULL,
    expiry TEXT DEFAULT '' NOT NULL,
    token TEXT DEFAULT '' NOT NULL,
    bank TEXT DEFAULT '' NOT NULL,
    mandate TEXT DEFAULT '' NOT NULL,
    is_preferred BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_payment_method_customer ON payment_method (customer_id);
CREATE TABLE opportunity (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    title TEXT NOT NULL,
    source TEXT DEFAULT '' NOT NULL,
    stage TEXT NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    value_cents INTEGER DEFAULT '0' NOT NULL,
    currency TEXT DEFAULT 'EUR' NOT NULL,
    percent INTEGER,
    expected_on DATE,
    next_step TEXT DEFAULT '' NOT NULL,
    next_step_at BIGINT,
    owner TEXT DEFAULT '' NOT NULL,
    closed_at BIGINT,
    lost_reason TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_opportunity_timeline ON opportunity (customer_id, at, id);
CREATE TABLE survey (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    name TEXT NOT NULL,
    scale TEXT NOT NULL,
    intro TEXT DEFAULT '' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    asks_after_calls BOOLEAN DEFAULT 0 NOT NULL,
    is_active BOOLEAN DEFAULT 1 NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE survey_question (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    survey_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    choices TEXT DEFAULT '[]' NOT NULL,
    is_required BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_survey_question_survey ON survey_question (survey_id, position);
CREATE TABLE survey_reply (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    answer_id BLOB NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    question_id BLOB,
    question TEXT DEFAULT '' NOT NULL,
    text TEXT DEFAULT '' NOT NULL,
    score INTEGER,
    PRIMARY KEY (id)
);
CREATE INDEX ix_survey_reply_answer ON survey_reply (answer_id);
CREATE TABLE consent (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    is_given BOOLEAN NOT NULL,
    source TEXT DEFAULT '' NOT NULL,
    wording TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    call_id BLOB,
    PRIMARY KEY (id)
);
CREATE INDEX ix_consent_timeline ON consent (customer_id, at, id);
CREATE TABLE message_template (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    name TEXT NOT NULL,
    language TEXT DEFAULT '' NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    purpose TEXT DEFAULT '' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    is_active BOOLEAN DEFAULT 1 NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE message (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    template_id BLOB,
    channel TEXT DEFAULT 'email' NOT NULL,
    purpose TEXT DEFAULT '' NOT NULL,
    address TEXT NOT NULL,
    subject TEXT DEFAULT '' NOT NULL,
    body TEXT DEFAULT '' NOT NULL,
    who TEXT DEFAULT '' NOT NULL,
    state TEXT NOT NULL,
    message_id TEXT NOT NULL,
    tries INTEGER DEFAULT '0' NOT NULL,
    next_try_at BIGINT,
    sent_at BIGINT,
    trouble TEXT DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_message_timeline ON message (customer_id, at, id);
CREATE INDEX ix_message_waiting ON message (next_try_at, id) WHERE state IN ('queued', 'sending', 'doubtful');
CREATE TABLE picklist_entry (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    list_key TEXT NOT NULL,
    "key" TEXT NOT NULL,
    title TEXT NOT NULL,
    meaning TEXT DEFAULT '' NOT NULL,
    tone TEXT DEFAULT '' NOT NULL,
    percent INTEGER,
    position INTEGER DEFAULT '0' NOT NULL,
    is_retired BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT uq_picklist_entry UNIQUE (list_key, "key")
);
CREATE TABLE required_field (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    situation TEXT NOT NULL,
    field TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT uq_required_field UNIQUE (situation, field)
);
CREATE TABLE layout_block (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    place TEXT NOT NULL,
    block TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_shown BOOLEAN DEFAULT 1 NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT uq_layout_block UNIQUE (place, block)
);
CREATE TABLE segment (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    name TEXT NOT NULL,
    rule TEXT NOT NULL,
    tone TEXT DEFAULT '' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    is_on_pop BOOLEAN DEFAULT 0 NOT NULL,
    counted INTEGER,
    counted_at BIGINT,
    PRIMARY KEY (id)
);
CREATE TABLE record_ref (
    id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    origin BLOB NOT NULL,
    table_name TEXT NOT NULL,
    row_id BLOB NOT NULL,
    source TEXT NOT NULL,
    external_id TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_record_ref_id ON record_ref (source, table_name, external_id);
CREATE INDEX ix_record_ref_row ON record_ref (row_id);
CREATE INDEX ix_change_row_customer ON change_row (customer_id, created_at, id);
CREATE TABLE search_record (
    "row" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    record_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY ("row"),
    UNIQUE (record_id)
);
CREATE VIRTUAL TABLE record_search USING fts5(text, content='', contentless_delete=1, detail=none, tokenize='ascii', prefix='3 6');
CREATE INDEX ix_follow_up_due ON follow_up (due_at, id, kind, owner, who) WHERE done_at IS NULL AND deleted_at IS NULL;
CREATE INDEX ix_follow_up_remind ON follow_up (remind_at, due_at, id, owner, who) WHERE done_at IS NULL AND deleted_at IS NULL;
CREATE INDEX ix_follow_up_owner ON follow_up (owner, due_at, id, kind) WHERE done_at IS NULL AND deleted_at IS NULL AND owner != '';
CREATE INDEX ix_follow_up_maker ON follow_up (who, due_at, id, kind) WHERE done_at IS NULL AND deleted_at IS NULL AND owner = '';
CREATE INDEX ix_ticket_due ON ticket (next_due_at, id, kind, priority, first_breached_at, breached_at) WHERE status != 'solved' AND deleted_at IS NULL;
CREATE INDEX ix_ticket_owner ON ticket (owner, next_due_at, id, escalated_to, first_breached_at, breached_at, status, deleted_at) WHERE status != 'solved' AND deleted_at IS NULL;
CREATE INDEX ix_ticket_escalated ON ticket (escalated_to, next_due_at, id, status) WHERE escalated_to != '' AND deleted_at IS NULL;
CREATE INDEX ix_ticket_solved ON ticket (owner, id) WHERE status = 'solved' AND deleted_at IS NULL;
CREATE INDEX ix_opportunity_open ON opportunity (expected_on, id, stage) WHERE state = 'open' AND deleted_at IS NULL;
CREATE INDEX ix_opportunity_owner ON opportunity (owner, expected_on, id, stage) WHERE state = 'open' AND deleted_at IS NULL;
CREATE INDEX ix_opportunity_forecast ON opportunity (stage, currency, owner, expected_on, percent, value_cents, customer_id, state, deleted_at) WHERE state = 'open' AND deleted_at IS NULL;
CREATE INDEX ix_customer_deleted ON customer (deleted_at) WHERE deleted_at IS NOT NULL;
INSERT INTO customer_search (customer_search, rank) VALUES ('secure-delete', 1);
INSERT INTO record_search (record_search, rank) VALUES ('secure-delete', 1);
INSERT INTO alembic_version VALUES ('0005');
