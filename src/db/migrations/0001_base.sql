-- The tables of guanxi. Facts (documents, entries, decisions, releases, audit) are appended; what is derived
-- from them says so, and `guanxi rebuild` makes it again.
--
-- Tokens: {key} primary key; {akey} the id of an account-bound row and {account_key} at the end of its table,
-- where an engine that spreads accounts over nodes puts the account into the key; {account} the same within a list of
-- columns; {ref t} and, within one
-- account, {aref t} references; {id} {i64} {bool} {date} {text} {bytes} types; {by_key} behind a table whose rows
-- lie in the order of its key. Amounts are minor units of the
-- account's currency unless the comment says home; quantities are thousandths, unit prices and tax rates
-- millionths, exchange rates 10^-9; x_on is a date, x_at an instant in UTC milliseconds.

-- ---- Status sets: a new status is one more row ----

CREATE TABLE account_state (name {text} PRIMARY KEY);
INSERT INTO account_state (name) VALUES ('normal'), ('watch'), ('prepay'), ('pay_down'), ('stop');
CREATE TABLE order_status (name {text} PRIMARY KEY);
INSERT INTO order_status (name)
VALUES ('held'), ('approved'), ('shipped'), ('invoiced'), ('cancelled'), ('closed');
CREATE TABLE document_status (name {text} PRIMARY KEY);
INSERT INTO document_status (name) VALUES ('pending'), ('posted'), ('open'), ('settled'), ('bounced'), ('reversed'), ('rejected');
CREATE TABLE promise_status (name {text} PRIMARY KEY);
INSERT INTO promise_status (name)
VALUES ('open'), ('kept'), ('partly_kept'), ('broken'), ('withdrawn'), ('replaced');
CREATE TABLE approval_status (name {text} PRIMARY KEY);
INSERT INTO approval_status (name) VALUES ('pending'), ('approved'), ('rejected'), ('void'), ('lapsed');
CREATE TABLE release_status (name {text} PRIMARY KEY);
INSERT INTO release_status (name) VALUES ('active'), ('expired'), ('withdrawn'), ('void'), ('broken');
CREATE TABLE grant_status (name {text} PRIMARY KEY);
INSERT INTO grant_status (name) VALUES ('in_force'), ('pending'), ('rejected'), ('replaced');

-- ---- The organisation ----

-- One row, id 1. Its chain is that of writes which belong to no account.
CREATE TABLE org (
    id {key},
    uuid {text} NOT NULL,
    currency {text},
    timezone {text} NOT NULL,
    is_solo {bool} NOT NULL,
    prices_include_tax {bool} NOT NULL,
    closed_until {date},
    last_day_close {date},
    first_booked_on {date},
    chain_seq {i64} NOT NULL,
    chain_head {bytes},
    version {i64} NOT NULL,
    CHECK (id = 1)
);

-- Writing connections claim a node number for their ids; holder: the process of the server that serves the connection, when
-- it began and when the server did, empty where it may be any; last_id is written when one closes in good order.
CREATE TABLE node (id {key}, claimed_at {i64} NOT NULL, holder {text} NOT NULL, last_id {i64} NOT NULL);

-- Gapless document numbers, the row taken last in a transaction.
CREATE TABLE series (name {text} PRIMARY KEY, next {i64} NOT NULL);

CREATE TABLE territory (
    id {key},
    code {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    owner_id {id},
    version {i64} NOT NULL
);

CREATE TABLE partner (
    id {key},
    code {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    roles {i64} NOT NULL, -- flags: distributor, supplier, service_provider, consumer
    territory_id {ref territory},
    owner_id {id},
    tier {text},
    created_on {date} NOT NULL,
    version {i64} NOT NULL
);
CREATE INDEX partner_by_territory ON partner (territory_id);
CREATE INDEX partner_by_owner ON partner (owner_id);

CREATE TABLE app_user (
    id {key},
    name {text} NOT NULL UNIQUE,
    role {text} NOT NULL,
    password_hash {text},
    partner_id {ref partner},
    reports_to_id {ref app_user},
    is_active {bool} NOT NULL,
    created_on {date} NOT NULL,
    language {text}, -- what this person prefers; null: what is usual
    numbers {text},
    days {text},
    version {i64} NOT NULL
);
CREATE TABLE user_territory (
    user_id {ref app_user} NOT NULL,
    territory_id {ref territory} NOT NULL,
    PRIMARY KEY (user_id, territory_id)
);
-- Only hashes of tokens and session secrets are stored.
CREATE TABLE token (
    id {key},
    user_id {ref app_user} NOT NULL,
    hash {bytes} NOT NULL UNIQUE,
    created_at {i64} NOT NULL,
    revoked_at {i64}
);
-- How somebody looks at a list: kept for themselves, or for all of us.
CREATE TABLE saved_view (
    id {key},
    list {text} NOT NULL,
    name {text} NOT NULL,
    query {text} NOT NULL,
    is_shared {bool} NOT NULL,
    is_pinned {bool} NOT NULL,
    owner_id {ref app_user},
    version {i64} NOT NULL
);
CREATE INDEX saved_view_by_list ON saved_view (list);
CREATE TABLE session (
    id {key},
    user_id {ref app_user} NOT NULL,
    hash {bytes} NOT NULL UNIQUE,
    created_at {i64} NOT NULL,
    idle_end_at {i64} NOT NULL,
    end_at {i64} NOT NULL,
    revoked_at {i64}
);

-- Who owned a relation when: the conflict of interest looks back. until_on null: the present owner.
CREATE TABLE partner_owner (
    id {key},
    partner_id {ref partner} NOT NULL,
    user_id {ref app_user} NOT NULL,
    from_on {date} NOT NULL,
    until_on {date}
);
CREATE INDEX partner_owner_by_partner ON partner_owner (partner_id);

CREATE TABLE partner_relation (
    id {key},
    partner_id {ref partner} NOT NULL,
    other_id {ref partner} NOT NULL,
    kind {text} NOT NULL,
    from_on {date},
    until_on {date},
    note {text},
    version {i64} NOT NULL
);
CREATE INDEX partner_relation_by_partner ON partner_relation (partner_id);
CREATE INDEX partner_relation_by_other ON partner_relation (other_id);

CREATE TABLE contact (
    id {key},
    partner_id {ref partner} NOT NULL,
    name {text} NOT NULL,
    title {text},
    phone {text},
    email {text},
    note {text},
    version {i64} NOT NULL
);
CREATE INDEX contact_by_partner ON contact (partner_id);

CREATE TABLE product (
    id {key},
    code {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    unit_price {i64} NOT NULL,
    unit_cost {i64},
    tax_rate {i64} NOT NULL, -- 130000 is 13 %
    version {i64} NOT NULL
);

-- What the organisation adds to records: the fields, what one may choose from, and the values. A record's id is one
-- in the whole database, so the values of all kinds of records stand in one table; in it one of the three columns
-- holds the value, by the field's kind.
CREATE TABLE custom_field (
    id {key},
    record {text} NOT NULL, -- partner, account, contact, product, order, activity
    code {text} NOT NULL,
    label_en {text},
    label_zh {text},
    kind {text} NOT NULL, -- text, decimal, integer, date, yes_no, choice, money
    currency {text}, -- of money
    is_required {bool} NOT NULL,
    is_retired {bool} NOT NULL,
    place {i64} NOT NULL,
    version {i64} NOT NULL,
    UNIQUE (record, code)
);
CREATE TABLE custom_option (
    field_id {ref custom_field} NOT NULL,
    code {text} NOT NULL,
    label_en {text},
    label_zh {text},
    is_retired {bool} NOT NULL,
    place {i64} NOT NULL,
    PRIMARY KEY (field_id, code)
);
CREATE TABLE custom_value (
    record_id {id} NOT NULL,
    field_id {ref custom_field} NOT NULL,
    text_value {text}, -- also the code of what was chosen, and true or false
    number_value {i64}, -- decimals in millionths, money in minor units
    value_on {date},
    PRIMARY KEY (record_id, field_id)
);
CREATE INDEX custom_value_text ON custom_value (field_id, text_value, record_id) WHERE text_value IS NOT NULL;
CREATE INDEX custom_value_number ON custom_value (field_id, number_value, record_id)
    WHERE number_value IS NOT NULL;
CREATE INDEX custom_value_day ON custom_value (field_id, value_on, record_id) WHERE value_on IS NOT NULL;

-- Derived: by what partners, accounts, contacts and products are found: beginnings of codes, of the words of a
-- name and of how they sound, ranked by how. Documents are found by their numbers' own indexes.
CREATE TABLE search_term (
    how {i64} NOT NULL,
    term {text} NOT NULL,
    record_id {id} NOT NULL,
    kind {text} NOT NULL,
    partner_id {id}, -- whose sight the record has
    PRIMARY KEY (how, term, record_id)
);
CREATE INDEX search_term_by_record ON search_term (record_id);

-- How files of one kind with one header were imported last, for who imports the next.
CREATE TABLE import_mapping (
    id {key},
    what {text} NOT NULL,
    header {text} NOT NULL, -- the names of the columns, one a line
    document {text} NOT NULL,
    set_by_id {id},
    set_on {date} NOT NULL,
    UNIQUE (what, header)
);

-- Imports that stored something. What each did is said by the audit trail, each of whose rows names it as a subject.
CREATE TABLE import_run (
    id {key},
    what {text} NOT NULL, -- invoices, partners …
    file {text},
    by_id {id},
    begun_on {date} NOT NULL,
    begun_at {i64} NOT NULL,
    stored {i64}, -- rows of the file; null: it did not come to its end
    skipped {i64},
    refused {i64},
    undone {i64} NOT NULL, -- records that were taken back
    version {i64} NOT NULL
);

-- Home units for one unit of the currency, from valid_on.
CREATE TABLE rate (
    id {key},
    currency {text} NOT NULL,
    rate {i64} NOT NULL,
    valid_on {date} NOT NULL,
    set_by_id {id}
);
CREATE INDEX rate_by_currency ON rate (currency, valid_on);

-- Each closing and reopening of the books; org.closed_until is the present state.
CREATE TABLE period (
    id {key},
    action {text} NOT NULL, -- close, reopen
    until_on {date},
    reason {text},
    status {text} NOT NULL REFERENCES grant_status (name),
    approval_id {id},
    done_by_id {id},
    done_on {date} NOT NULL
);

-- ---- Accounts and their ledger ----

CREATE TABLE account (
    id {key},
    code {text} NOT NULL UNIQUE,
    partner_id {ref partner} NOT NULL,
    currency {text} NOT NULL,
    terms_days {i64} NOT NULL,
    parent_id {ref account},
    state {text} NOT NULL REFERENCES account_state (name),
    state_since_on {date} NOT NULL,
    state_since_id {id} NOT NULL, -- documents with a higher id count toward pay_down
    state_reason {text},
    opened_on {date} NOT NULL,
    opened_by_id {id},
    version {i64} NOT NULL
);
CREATE INDEX account_by_partner ON account (partner_id);
CREATE INDEX account_by_parent ON account (parent_id);

-- Derived: the sum of the account's entries by bucket. Also what every money operation locks, and the head of
-- the account's audit chain.
CREATE TABLE position (
    account_id {key},
    outside {i64} NOT NULL,
    ordered {i64} NOT NULL,
    shipped {i64} NOT NULL,
    receivable {i64} NOT NULL,
    cheque {i64} NOT NULL,
    advance {i64} NOT NULL,
    settled {i64} NOT NULL,
    written_off {i64} NOT NULL,
    -- What a copy of the account's receivables in memory goes by: a number that rises when they change, and the last
    -- business date on which they were moved.
    moves {i64} NOT NULL,
    moved_on {date},
    chain_seq {i64} NOT NULL,
    chain_head {bytes}
);

-- Where an account has entries, decisions, orders and audit rows: among the 16 ids from from_id on, a multiple of it. An
-- index by account for each of these tables would be a page for each that no other order of a batch changes.
-- Whoever reads one of them by account begins here.
CREATE TABLE dossier (
    account_id {ref account} NOT NULL,
    from_id {id} NOT NULL,
    has_order {bool} NOT NULL, -- most blocks have none, and are not looked into for one
    has_decision {bool} NOT NULL,
    PRIMARY KEY (account_id, from_id)
) {by_key};

CREATE TABLE entry (
    id {akey},
    account_id {ref account} NOT NULL,
    posted_on {date} NOT NULL, -- the document's date
    booked_on {date} NOT NULL, -- the business date of the call
    booked_at {i64} NOT NULL,
    event {text} NOT NULL,
    from_bucket {text} NOT NULL,
    to_bucket {text} NOT NULL,
    amount {i64} NOT NULL,
    document_kind {text} NOT NULL,
    document_id {id} NOT NULL,
    order_id {id}, -- the order whose value moves, when there is one
    {account_key},
    CHECK (amount > 0),
    CHECK (from_bucket <> to_bucket)
);

-- ---- Credit ----

CREATE TABLE credit_limit (
    id {akey},
    account_id {ref account} NOT NULL,
    kind {text} NOT NULL,       -- base, seasonal, insured, guaranteed
    amount_kind {text} NOT NULL, -- not_set, amount, unlimited
    amount {i64},
    from_on {date} NOT NULL,
    until_on {date},
    reason {text},
    status {text} NOT NULL REFERENCES grant_status (name),
    approval_id {id},
    set_by_id {id},
    set_on {date} NOT NULL,
    {account_key}
);
CREATE INDEX credit_limit_by_account ON credit_limit (account_id, id);
CREATE INDEX credit_limit_in_force -- all that a judgement looks at
    ON credit_limit (account_id, id, kind, amount_kind, amount, from_on, until_on, status)
    WHERE status = 'in_force';
CREATE TABLE limit_step (
    id {akey},
    account_id {ref account} NOT NULL,
    limit_id {aref credit_limit} NOT NULL,
    from_on {date} NOT NULL,
    amount {i64} NOT NULL,
    {account_key}
);
CREATE INDEX limit_step_by_limit ON limit_step (limit_id);
-- Derived: what limits of all kinds come to from a day on, until the account's next row.
CREATE TABLE limit_day (
    account_id {ref account} NOT NULL,
    from_on {date} NOT NULL,
    amount_kind {text} NOT NULL, -- not_set, amount, unlimited
    amount {i64},
    PRIMARY KEY (account_id, from_on)
) {by_key};

CREATE TABLE policy (
    version {key},
    document {text} NOT NULL,
    status {text} NOT NULL REFERENCES grant_status (name),
    approval_id {id},
    set_by_id {id},
    set_on {date} NOT NULL
);

CREATE TABLE decision (
    id {akey},
    account_id {ref account} NOT NULL,
    gate {text} NOT NULL,
    document_kind {text} NOT NULL, -- sales_order, shipment, refund, invoice
    document_id {id},
    order_id {id},
    outcome {text} NOT NULL,
    policy_version {i64} NOT NULL,
    decided_on {date} NOT NULL,
    decided_at {i64} NOT NULL,
    facts {text} NOT NULL, -- JSON: everything the judgement was given
    rules {text} NOT NULL, -- JSON: kinds, values, thresholds, outcomes as judged
    {account_key}
);

CREATE TABLE credit_release (
    id {akey},
    account_id {ref account} NOT NULL,
    order_id {id} NOT NULL,
    decision_id {id} NOT NULL,
    approval_id {id},
    amount_max {i64} NOT NULL,
    used {i64} NOT NULL,
    excess {i64} NOT NULL,
    covered {i64} NOT NULL,      -- the amount that decided when it was not the excess
    is_by_excess {bool} NOT NULL,
    expires_on {date} NOT NULL,
    promise_id {id},
    rules {text} NOT NULL,       -- JSON: the rules it was given for, with their values
    reason {text},
    status {text} NOT NULL REFERENCES release_status (name),
    given_on {date} NOT NULL,
    given_by_id {id},
    ended_on {date},
    {account_key}
);
CREATE INDEX credit_release_by_account ON credit_release (account_id, id);
CREATE INDEX credit_release_active ON credit_release (account_id, id) WHERE status = 'active';

-- What waits for a second person, and what became of it. account_id null: policy, period, owner of a partner.
CREATE TABLE approval (
    id {key},
    account_id {ref account},
    partner_id {ref partner},
    operation {text} NOT NULL,
    subject_id {id},         -- the pending record, the order to release
    input {text} NOT NULL,   -- JSON that will be carried out; it binds
    amount {i64},            -- home currency: what the ladder looks at
    is_last_step {bool} NOT NULL,
    reason {text},
    reason_code {text},
    promise_id {id},         -- the promise it rests on, when it exists already
    vouched_by_id {id},      -- who brings the promise that is made with it
    status {text} NOT NULL REFERENCES approval_status (name),
    requested_by_id {id},
    placed_by_id {id},       -- who placed the order or made the document
    changed_by_id {id},      -- who last changed it
    requested_on {date} NOT NULL,
    lapses_on {date},
    ended_on {date},
    is_self_approved {bool} NOT NULL,
    version {i64} NOT NULL
);
CREATE INDEX approval_by_account ON approval (account_id, id);
CREATE INDEX approval_by_subject ON approval (subject_id);
CREATE TABLE approval_consent (
    id {key},
    approval_id {ref approval} NOT NULL,
    user_id {ref app_user} NOT NULL,
    role {text} NOT NULL,
    reason {text},
    given_on {date} NOT NULL,
    UNIQUE (approval_id, user_id)
);

-- ---- Orders ----

CREATE TABLE sales_order (
    id {akey},
    account_id {ref account} NOT NULL,
    number {text} NOT NULL,
    status {text} NOT NULL REFERENCES order_status (name),
    ordered_on {date} NOT NULL,
    wanted_on {date},
    total {i64} NOT NULL,
    ordered {i64} NOT NULL,  -- derived: what of it stands in the bucket ordered
    shipped {i64} NOT NULL,  -- derived: what of it stands in the bucket shipped
    delivered {i64} NOT NULL, -- derived: amount shipped and not returned before it was invoiced
    invoiced {i64} NOT NULL, -- derived: amount invoiced
    billed {i64} NOT NULL,   -- derived: the same with what its invoices bill beyond its lines
    is_final {bool} NOT NULL, -- a final invoice was written
    decision_id {id},
    release_id {id},
    placed_by_id {id},
    placed_on {date} NOT NULL,
    changed_by_id {id},
    held_on {date},
    reason {text},
    {account_key}
);
CREATE INDEX sales_order_wanted ON sales_order (account_id, wanted_on) -- all that a horizon looks at
    WHERE wanted_on IS NOT NULL AND (status = 'held' OR status = 'approved' OR status = 'shipped');
CREATE INDEX sales_order_by_number ON sales_order (number);
CREATE INDEX sales_order_beyond ON sales_order (id) WHERE billed > delivered;
-- Who changed the order, reopened it or asked for its release since it was last approved or released: they count
-- as requesters of its release whoever did so after them. Emptied when it is; what happened is in the audit.
CREATE TABLE order_hand (
    id {akey},
    account_id {ref account} NOT NULL,
    order_id {aref sales_order} NOT NULL,
    user_id {ref app_user} NOT NULL,
    what {text} NOT NULL, -- changed, reopened, asked
    {account_key}
);
CREATE INDEX order_hand_by_order ON order_hand (order_id);
CREATE TABLE order_line (
    id {akey},
    account_id {ref account} NOT NULL,
    order_id {aref sales_order} NOT NULL,
    line {i64} NOT NULL,
    product_id {ref product} NOT NULL,
    quantity {i64} NOT NULL,
    unit_price {i64} NOT NULL,
    tax_rate {i64} NOT NULL,
    net {i64} NOT NULL,
    tax {i64} NOT NULL,
    gross {i64} NOT NULL,
    shipped {i64} NOT NULL,         -- quantity
    shipped_amount {i64} NOT NULL,
    shipped_tax {i64} NOT NULL,     -- what of that is tax
    invoiced {i64} NOT NULL,        -- quantity
    invoiced_amount {i64} NOT NULL,
    invoiced_tax {i64} NOT NULL,
    returned {i64} NOT NULL,        -- quantity that came back before it was invoiced, which ends it here
    returned_amount {i64} NOT NULL,
    is_dropped {bool} NOT NULL,     -- left out by a later change of the order
    {account_key}
);
CREATE INDEX order_line_by_order ON order_line (order_id);

CREATE TABLE shipment (
    id {akey},
    account_id {ref account} NOT NULL,
    order_id {aref sales_order} NOT NULL,
    number {text} NOT NULL,
    shipped_on {date} NOT NULL,
    booked_on {date} NOT NULL,
    booked_at {i64} NOT NULL,
    amount {i64} NOT NULL,
    moved {i64} NOT NULL,    -- what moved to shipped (goods invoiced ahead do not move again)
    invoiced {i64} NOT NULL, -- derived: what of it counts as invoiced, oldest shipments first
    returned {i64} NOT NULL, -- derived: what came back before it was invoiced
    status {text} NOT NULL REFERENCES document_status (name),
    decision_id {id},
    release_id {id},         -- whose cover it used
    covered {i64} NOT NULL,  -- how much of it
    posted_by_id {id},
    reversed_on {date},
    {account_key}
);
CREATE INDEX shipment_by_account ON shipment (account_id, id);
CREATE INDEX shipment_by_number ON shipment (number);
CREATE INDEX shipment_by_order ON shipment (order_id);
CREATE INDEX shipment_unbilled ON shipment (account_id, shipped_on)
    WHERE status = 'posted' AND amount > invoiced + returned;
CREATE TABLE shipment_line (
    id {akey},
    account_id {ref account} NOT NULL,
    shipment_id {aref shipment} NOT NULL,
    order_line_id {aref order_line} NOT NULL,
    line {i64} NOT NULL,
    quantity {i64} NOT NULL,
    amount {i64} NOT NULL,
    tax {i64} NOT NULL,      -- what of it is tax
    returned {i64} NOT NULL, -- derived: quantity
    {account_key}
);
CREATE INDEX shipment_line_by_shipment ON shipment_line (shipment_id);
CREATE INDEX shipment_line_by_order_line ON shipment_line (order_line_id);

CREATE TABLE goods_return (
    id {akey},
    account_id {ref account} NOT NULL,
    shipment_id {aref shipment} NOT NULL,
    number {text} NOT NULL,
    returned_on {date} NOT NULL,
    booked_on {date} NOT NULL,
    amount {i64} NOT NULL,
    moved {i64} NOT NULL,    -- shipped to outside
    proposed {i64} NOT NULL, -- what a credit note should cover: goods that were invoiced already
    reason {text},
    status {text} NOT NULL REFERENCES document_status (name),
    posted_by_id {id},
    reversed_on {date},
    {account_key}
);
CREATE INDEX goods_return_by_account ON goods_return (account_id, id);
CREATE INDEX goods_return_by_number ON goods_return (number);
CREATE INDEX goods_return_by_shipment ON goods_return (shipment_id);
CREATE TABLE return_line (
    id {akey},
    account_id {ref account} NOT NULL,
    return_id {aref goods_return} NOT NULL,
    shipment_line_id {aref shipment_line} NOT NULL,
    line {i64} NOT NULL,
    quantity {i64} NOT NULL,
    amount {i64} NOT NULL,
    tax {i64} NOT NULL,            -- what of it is tax
    moved_quantity {i64} NOT NULL, -- what the order has to deliver again
    moved {i64} NOT NULL,
    {account_key}
);
CREATE INDEX return_line_by_return ON return_line (return_id);
CREATE INDEX return_line_by_shipment_line ON return_line (shipment_line_id);

-- ---- Receivables ----

CREATE TABLE invoice (
    id {akey},
    account_id {ref account} NOT NULL,
    number {text} NOT NULL,
    order_id {id},
    amount {i64} NOT NULL,
    tax {i64}, -- what of it is tax; null: nobody said it of what is billed without a line
    open {i64} NOT NULL, -- derived: amount less allocations; 0 when reversed
    invoiced_on {date} NOT NULL,
    due_on {date} NOT NULL,
    settled_on {date}, -- derived: when the last of it was paid, credited or given up; null: something is open
    booked_on {date} NOT NULL,
    is_final {bool} NOT NULL,
    from_shipped {i64} NOT NULL,
    from_ordered {i64} NOT NULL,
    from_outside {i64} NOT NULL,
    dropped {i64} NOT NULL, -- a final invoice: rest of shipped returned to outside
    status {text} NOT NULL REFERENCES document_status (name),
    decision_id {id},
    approval_id {id},
    posted_by_id {id},
    reversed_on {date},
    {account_key}
);
CREATE INDEX invoice_by_account ON invoice (account_id, id);
CREATE INDEX invoice_open ON invoice (account_id, due_on, open) WHERE open > 0; -- all that a judgement looks at
CREATE INDEX invoice_by_number ON invoice (number);
CREATE INDEX invoice_by_order ON invoice (order_id) WHERE order_id IS NOT NULL; -- most of an import have none
CREATE TABLE invoice_line (
    id {akey},
    account_id {ref account} NOT NULL,
    invoice_id {aref invoice} NOT NULL,
    order_line_id {aref order_line} NOT NULL,
    line {i64} NOT NULL,
    quantity {i64} NOT NULL,
    amount {i64} NOT NULL,
    tax {i64} NOT NULL, -- what of it is tax
    {account_key}
);
CREATE INDEX invoice_line_by_invoice ON invoice_line (invoice_id);
CREATE INDEX invoice_line_by_order_line ON invoice_line (order_line_id);

CREATE TABLE credit_note (
    id {akey},
    account_id {ref account} NOT NULL,
    number {text} NOT NULL,
    amount {i64} NOT NULL,
    tax {i64}, -- what of it is tax; null: nobody said it, and it names no document that would
    advance {i64} NOT NULL, -- derived: what of it stands in advance (beyond what was open)
    reason {text},
    invoice_id {id},
    return_id {id},
    posted_on {date} NOT NULL,
    booked_on {date} NOT NULL,
    status {text} NOT NULL REFERENCES document_status (name),
    approval_id {id},
    posted_by_id {id},
    reversed_on {date},
    {account_key}
);
CREATE INDEX credit_note_by_account ON credit_note (account_id, id);
CREATE INDEX credit_note_by_number ON credit_note (number);
CREATE INDEX credit_note_by_invoice ON credit_note (invoice_id);
CREATE INDEX credit_note_advance ON credit_note (account_id, id) WHERE advance > 0;

CREATE TABLE write_off (
    id {akey},
    account_id {ref account} NOT NULL,
    amount {i64} NOT NULL,
    reason {text},
    invoice_id {id},
    posted_on {date} NOT NULL,
    booked_on {date} NOT NULL,
    status {text} NOT NULL REFERENCES document_status (name),
    approval_id {id},
    posted_by_id {id},
    reversed_on {date},
    {account_key}
);
CREATE INDEX write_off_by_account ON write_off (account_id, id);
CREATE INDEX write_off_by_invoice ON write_off (invoice_id);

CREATE TABLE payment (
    id {akey},
    account_id {ref account} NOT NULL,
    amount {i64} NOT NULL,
    advance {i64} NOT NULL, -- derived: what of it is neither allocated nor refunded
    received_on {date} NOT NULL,
    booked_on {date} NOT NULL,
    booked_at {i64} NOT NULL,
    reference {text},
    order_id {id}, -- earmark
    status {text} NOT NULL REFERENCES document_status (name),
    posted_by_id {id},
    reversed_on {date},
    {account_key}
);
CREATE INDEX payment_by_account ON payment (account_id, id);
CREATE INDEX payment_by_reference ON payment (reference);
CREATE INDEX payment_advance ON payment (account_id, id) WHERE advance > 0;

-- What reduces an invoice: part of a payment, of a credit note, or a write-off. Never edited but for the
-- mark: a reversal is a further row with a negative amount that names the row it takes back.
CREATE TABLE allocation (
    id {akey},
    account_id {ref account} NOT NULL,
    source_kind {text} NOT NULL, -- payment, credit_note, write_off
    source_id {id} NOT NULL,
    invoice_id {aref invoice} NOT NULL,
    amount {i64} NOT NULL,
    effective_on {date} NOT NULL,
    booked_on {date} NOT NULL,
    reverses_id {id},
    is_reversed {bool} NOT NULL,
    is_recovery {bool} NOT NULL, -- money on what was written off; a row of the write-off balances it
    {account_key}
);
CREATE INDEX allocation_by_account ON allocation (account_id, id);
CREATE INDEX allocation_by_source ON allocation (source_id);
CREATE INDEX allocation_by_invoice ON allocation (invoice_id);

CREATE TABLE refund (
    id {akey},
    account_id {ref account} NOT NULL,
    amount {i64} NOT NULL,
    reason {text},
    posted_on {date} NOT NULL,
    booked_on {date} NOT NULL,
    status {text} NOT NULL REFERENCES document_status (name),
    approval_id {id},
    decision_id {id},
    posted_by_id {id},
    reversed_on {date},
    {account_key}
);
CREATE INDEX refund_by_account ON refund (account_id, id);
-- Which advances a refund took, oldest first.
CREATE TABLE refund_part (
    id {akey},
    account_id {ref account} NOT NULL,
    refund_id {aref refund} NOT NULL,
    source_kind {text} NOT NULL, -- payment, credit_note
    source_id {id} NOT NULL,
    amount {i64} NOT NULL,
    {account_key}
);
CREATE INDEX refund_part_by_refund ON refund_part (refund_id);

-- Derived: what became of an account's invoices month by month. invoiced and receivable are of the month of the
-- documents' dates; the others of the month in which invoices fell due, those that are settled.
CREATE TABLE account_month (
    account_id {ref account} NOT NULL,
    month_on {date} NOT NULL, -- its first day
    invoiced {i64} NOT NULL,   -- less what was taken back
    receivable {i64} NOT NULL, -- by how much it changed
    on_time {i64} NOT NULL,    -- settled on the day they were due, or before
    late {i64} NOT NULL,       -- up to 30 days after it
    very_late {i64} NOT NULL,
    PRIMARY KEY (account_id, month_on)
) {by_key};

-- ---- Promises ----

CREATE TABLE promise (
    id {akey},
    account_id {ref account} NOT NULL,
    partner_id {ref partner} NOT NULL,
    amount {i64} NOT NULL,
    target {i64} NOT NULL,      -- the smaller of amount and what its invoices had open when it was made
    comes_first {i64} NOT NULL, -- of a release: what was overdue or falls due in its window when it was made
    due_on {date} NOT NULL,
    made_on {date} NOT NULL,
    made_at {i64} NOT NULL,
    window_end_on {date} NOT NULL,
    status {text} NOT NULL REFERENCES promise_status (name),
    level {i64} NOT NULL,
    received {i64} NOT NULL,    -- what counted for it in its window so far; of ended ones, then
    lacks {i64} NOT NULL,       -- what is still missing of it, late money and credit notes counted
    vouched_by_id {id},
    release_id {id},
    replaces_id {id},
    replaced_by_id {id},
    ended_on {date},
    reason {text},
    {account_key}
);
CREATE INDEX promise_by_account ON promise (account_id, id);
CREATE INDEX promise_by_partner ON promise (partner_id);
CREATE INDEX promise_open ON promise (account_id, id) WHERE status = 'open';
CREATE TABLE promise_invoice (
    id {akey},
    account_id {ref account} NOT NULL,
    promise_id {aref promise} NOT NULL,
    invoice_id {aref invoice} NOT NULL,
    open {i64} NOT NULL, -- when the promise was made
    {account_key}
);
CREATE INDEX promise_invoice_by_promise ON promise_invoice (promise_id);
-- Every verdict in its turn; a payment posted late or reversed brings another.
CREATE TABLE promise_verdict (
    id {akey},
    account_id {ref account} NOT NULL,
    promise_id {aref promise} NOT NULL,
    status {text} NOT NULL REFERENCES promise_status (name),
    received {i64} NOT NULL,
    judged_on {date} NOT NULL,
    {account_key}
);
CREATE INDEX promise_verdict_by_promise ON promise_verdict (promise_id);

-- ---- The relationship ----

CREATE TABLE activity (
    id {key},
    partner_id {ref partner} NOT NULL,
    kind {text} NOT NULL,
    held_on {date} NOT NULL,
    direction {text}, -- given, received
    cost {i64},       -- home currency
    minutes {i64},
    outcome {text},
    note {text},
    status {text} NOT NULL REFERENCES document_status (name),
    logged_by_id {id},
    logged_on {date} NOT NULL,
    next_on {date},   -- the day of the step that was agreed to come next
    next_step {text},
    follows_id {ref activity} -- whose next step this was
);
CREATE INDEX activity_by_partner ON activity (partner_id, held_on);
CREATE INDEX activity_by_next ON activity (next_on, id) WHERE next_on IS NOT NULL;
CREATE INDEX activity_by_follows ON activity (follows_id) WHERE follows_id IS NOT NULL;
CREATE TABLE activity_contact (
    activity_id {ref activity} NOT NULL,
    contact_id {ref contact} NOT NULL,
    PRIMARY KEY (activity_id, contact_id)
);
-- Who of us was there; without names it was the caller, who is written here too.
CREATE TABLE activity_staff (
    activity_id {ref activity} NOT NULL,
    user_id {ref app_user} NOT NULL,
    PRIMARY KEY (activity_id, user_id)
);

-- ---- Watching ----

CREATE TABLE day_close (
    closed_on {date} PRIMARY KEY,
    sealed_on {date} NOT NULL, -- the last day that was closed with it, whose seal covers it
    done_at {i64} NOT NULL,
    counts {text} NOT NULL -- JSON
);
-- Portfolio of an owner at each day close, home currency: the trend behind the alerts.
CREATE TABLE owner_day (
    owner_id {ref app_user} NOT NULL,
    closed_on {date} NOT NULL,
    receivable {i64} NOT NULL,
    overdue {i64} NOT NULL,
    PRIMARY KEY (owner_id, closed_on)
);
CREATE TABLE alert (
    id {key},
    kind {text} NOT NULL,
    account_id {ref account},
    owner_id {ref app_user},
    other_id {ref app_user}, -- the second person of mutual_clearing
    subject_id {id},         -- the promise, activity, approval it speaks of, when there is one
    severity {text} NOT NULL,
    since_on {date} NOT NULL, -- first sign
    first_action_on {date},
    last_seen_on {date} NOT NULL,
    status {text} NOT NULL,  -- open, closed
    because {text} NOT NULL, -- JSON list of figures
    closed_by_id {id},
    closed_on {date}
);
CREATE INDEX alert_by_account ON alert (account_id, id);
CREATE UNIQUE INDEX alert_open ON alert (kind, (COALESCE(account_id, 0)), (COALESCE(owner_id, 0)),
    (COALESCE(other_id, 0)), (COALESCE(subject_id, 0))) WHERE status = 'open';

-- ---- Trust ----

-- One row a write, chained by hash: the chain of its account, or with account_id 0 the organisation's.
CREATE TABLE audit (
    id {akey},
    account_id {i64} NOT NULL,
    seq {i64} NOT NULL,
    done_at {i64} NOT NULL,
    business_on {date} NOT NULL,
    actor_id {id},
    actor_name {text} NOT NULL,
    operation {text} NOT NULL,
    facts {bytes},         -- fingerprints of the rows it wrote, 32 bytes each
    input {text} NOT NULL, -- JSON, without secrets
    reply {text} NOT NULL, -- JSON, without secrets
    status {i64} NOT NULL,
    changes {text},        -- JSON list of {id, field, before, after}
    prev {bytes},
    hash {bytes} NOT NULL,
    {account_key}
);
CREATE INDEX audit_of_org ON audit (id) WHERE account_id = 0;
CREATE TABLE audit_subject (
    subject_id {id} NOT NULL,
    audit_id {id} NOT NULL,
    account_id {i64} NOT NULL, -- of the audit row
    PRIMARY KEY (subject_id, audit_id{account})
) {by_key};
-- All chain heads of a day, hashed together, chained.
CREATE TABLE seal (
    id {key},
    sealed_on {date} NOT NULL,
    document {text} NOT NULL,
    prev {bytes},
    hash {bytes} NOT NULL
);
-- Keys of done writes, appended; merged in hash order into the second table at day close. Where several processes
-- write, they go into the second table at once, in which a key stands once, whatever account it was about: a database
-- that is spread over nodes lays it by the key, and not by the account, so that looking it up asks one node.
CREATE TABLE idempotency (audit_id {key}, key_hash {bytes} NOT NULL, request_hash {bytes} NOT NULL);
CREATE TABLE idempotency_lookup (
    key_hash {bytes} NOT NULL,
    request_hash {bytes} NOT NULL,
    audit_id {id} NOT NULL,
    PRIMARY KEY (key_hash)
);
