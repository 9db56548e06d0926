-- One row that names this grid.
create table grid (
    id uuid primary key default gen_random_uuid(),
    only_one boolean not null default true unique check (only_one)
);
insert into grid default values;

-- The directory: who is who. Numbers are what log records and states use.
create table gateway (
    number int generated always as identity primary key,
    id text not null unique,
    created_at timestamptz not null default now()
);

create table tariff (
    number int generated always as identity primary key,
    id text not null,
    version int not null,
    definition jsonb not null,
    content_hash bytea not null,
    created_at timestamptz not null default now(),
    unique (id, version)
);

create table account (
    number int generated always as identity primary key,
    id text not null unique,
    partition int not null,
    created_at timestamptz not null default now()
);

create sequence meter_home_version;
create table meter (
    number int generated always as identity primary key,
    id text not null unique,
    -- What the door knows a meter by; two ids of one hash cannot both be registered.
    id_hash bigint not null unique,
    gateway int not null references gateway (number),
    account int not null default 0,
    partition int not null,
    -- False while a number is only allotted: the door does not know such a meter.
    installed boolean not null default false,
    home_version bigint not null default nextval('meter_home_version'),
    created_at timestamptz not null default now()
);
create index meter_home_version_key on meter (home_version);
create index on meter (account);

-- Who has a partition, and how far its two flushes are. Each flush carries the epoch and the position it continues from.
create table partition (
    partition int primary key,
    epoch bigint not null default 0,
    owner text,
    effects_position bigint not null default 0,
    state_position bigint not null default 0,
    -- Latest time written in the log before state_position: what the fold takes for now.
    state_now_ms bigint not null default 0
) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- States at the partition's state_position. Columns beside the packed state are for people and for the audit.
create table account_state (
    account int primary key,
    partition int not null,
    balance_nano bigint not null,
    credit_nano bigint not null,
    charged_nano bigint not null,
    ledger_nano bigint not null,
    charged_wh bigint not null,
    held_wh bigint not null,
    version_position bigint not null,
    state bytea not null
) with (fillfactor = 80);
create index on account_state (partition);

create table loose_meter_state (
    meter int not null,
    partition int not null,
    held_wh bigint not null,
    state bytea not null,
    primary key (meter, partition)
) with (fillfactor = 80);
create index on loose_meter_state (partition);

-- Closed local days, one row per meter, assignment and day.
create table meter_day (
    partition int not null,
    meter int not null,
    assignment int not null,
    day date not null,
    account int not null,
    tariff int not null,
    before_ms bigint not null,
    before_wh bigint not null,
    before_quality int not null,
    point_count int not null,
    points bytea not null,
    rate_wh bigint[] not null,
    energy_nano bigint not null,
    held_wh bigint not null,
    entry_position bigint not null,
    from_position bigint not null,
    to_position bigint not null,
    primary key (meter, assignment, day)
) with (fillfactor = 90);
create index on meter_day (account, day);

-- Effects of the fold; every key is derived from its cause.
create table entry (
    partition int not null,
    position bigint not null,
    sequence int not null,
    account int not null,
    kind text not null,
    amount_nano bigint not null,
    balance_nano bigint not null,
    at_ms bigint not null,
    day date,
    corrects_position bigint,
    energy_nano bigint not null default 0,
    tiers_nano bigint not null default 0,
    standing_nano bigint not null default 0,
    tax_nano bigint not null default 0,
    reference text,
    primary key (partition, position, sequence)
);
create index on entry (account, position, sequence);

create table account_event (
    partition int not null,
    position bigint not null,
    sequence int not null,
    account int not null,
    at_ms bigint not null,
    event jsonb not null,
    primary key (partition, position, sequence)
);
create index on account_event (account, position, sequence);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger entry_is_append_only before update or delete or truncate on entry for each statement execute function refuse_change();
create trigger account_event_is_append_only before update or delete or truncate on account_event for each statement execute function refuse_change();

create table outbox (
    id text primary key,
    account int not null,
    partition int not null,
    position bigint not null,
    kind text not null,
    body jsonb not null,
    created_ms bigint not null,
    state text not null default 'queued' check (state in ('queued', 'sent', 'parked')),
    attempts int not null default 0,
    next_attempt_at timestamptz not null default now(),
    claim_token uuid,
    sent_at timestamptz,
    last_error text
);
create index outbox_queue on outbox (next_attempt_at) where state = 'queued';

create table due (
    account int primary key,
    partition int not null,
    due_at_ms bigint not null,
    claimed_until_ms bigint not null default 0
) with (fillfactor = 70);
create index on due (partition, due_at_ms);

create table reading_exception (
    meter int not null,
    reading_ms bigint not null,
    code text not null,
    account int not null,
    partition int not null,
    position bigint not null,
    open boolean not null,
    value_wh bigint not null,
    held_wh bigint not null,
    detail text,
    changed_at timestamptz not null default now(),
    primary key (meter, reading_ms, code)
);
create index on reading_exception (account);

create table command_outcome (
    partition int not null,
    position bigint not null,
    code text,
    detail text,
    balance_nano bigint not null,
    -- What the command's own ledger entry moved, credit positive.
    amount_nano bigint not null,
    primary key (partition, position)
);

-- Records that the fold threw on: passed over from then on, and kept with their cause.
create table poison (
    partition int not null,
    position bigint not null,
    record_count int not null,
    cause text not null,
    created_at timestamptz not null default now(),
    primary key (partition, position)
);
