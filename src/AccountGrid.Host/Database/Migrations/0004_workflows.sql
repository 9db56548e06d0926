-- Policy packs: a family by name, its versions by the day from which they decide. A version never changes.
create table policy_family (
    number int generated always as identity primary key,
    id text not null unique
);
create table policy (
    family int not null references policy_family (number),
    version int not null,
    effective_from date not null,
    definition jsonb not null,
    content_hash text not null,
    created_at timestamptz not null default now(),
    primary key (family, version),
    unique (family, effective_from)
);

-- Who is to be told, how, and who looks after the account: the personal data, all in one place.
create table contact (
    account int primary key references account (number),
    language text not null default 'zh-CN',
    channels jsonb not null default '[]',
    area text,
    manager text,
    changed_at timestamptz not null default now()
);
create index on contact (area);

-- What is due next of an account in a workflow; written with the decision, gone when it leaves.
create table due (
    account int primary key,
    partition int not null,
    kind text not null,
    due_at timestamptz not null
) with (fillfactor = 70);
create index on due (partition, due_at);

create table bill (
    id text primary key,
    account int not null,
    partition int not null,
    position bigint not null,
    created_ms bigint not null,
    from_day date not null,
    to_day date not null,
    due_day date,
    amount_nano bigint not null,
    facts jsonb not null,
    -- Written once, when the day rows that it lists are in the database.
    document jsonb
);
create index on bill (account, to_day);
create index bill_unwritten on bill (partition, position) where document is null;

create table work_case (
    id text primary key,
    account int not null,
    partition int not null,
    position bigint not null,
    kind text not null,
    created_ms bigint not null,
    due_day date not null,
    amount_nano bigint not null,
    policy text not null,
    assignee text,
    state text not null default 'open' check (state in ('open', 'escalated', 'closed')),
    outcome text,
    closed_by text,
    closed_at timestamptz
);
create index on work_case (account);
create index work_case_open on work_case (due_day) where state <> 'closed';

create table relay_command (
    account int not null,
    sequence int not null,
    partition int not null,
    position bigint not null,
    turns_on boolean not null,
    state text not null check (state in ('planned', 'released', 'withdrawn', 'confirmed')),
    created_ms bigint not null,
    expires_ms bigint not null,
    -- Meters whose relay has not confirmed.
    meters int[] not null,
    held_reason text,
    held_released_by text,
    primary key (account, sequence)
) with (fillfactor = 70);
create index relay_command_open on relay_command (created_ms) where state in ('planned', 'released');

-- Cuts that left, for the breaker: counted by hour, area and tariff.
create table cut_release (
    account int not null,
    sequence int not null,
    area text,
    tariff int not null,
    released_at timestamptz not null,
    primary key (account, sequence)
);
create index on cut_release (released_at);

-- What an operator can switch; one row.
create table operation (
    only_one boolean primary key default true check (only_one),
    cuts_stopped boolean not null default false,
    changed_by text,
    reason text,
    changed_at timestamptz not null default now()
);
insert into operation default values;

-- What one person asked for and a second must agree to.
create table approval (
    id uuid primary key,
    account text not null,
    kind text not null,
    body text not null,
    asked_by text not null,
    asked_at timestamptz not null default now(),
    answered_by text,
    answered_at timestamptz,
    agreed boolean,
    check (answered_by is null or answered_by <> asked_by)
);

-- Messages: the text is written when it is decided, the channels are tried in order, and delivery is followed to proof.
alter table outbox drop constraint outbox_state_check;
alter table outbox add constraint outbox_state_check check (state in ('queued', 'sent', 'delivered', 'failed', 'parked', 'withdrawn'));
-- When it was last compared with the present, ms; 0 is not since it was decided.
alter table outbox add column confirmed_ms bigint not null default 0;
-- To which channels it was handed over, and when: what a word on its delivery is held against.
alter table outbox add column handed jsonb not null default '[]';
-- Minutes of the day and zone in which it is not handed over, however late it is tried again.
alter table outbox add column quiet text;
alter table outbox add column language text;
alter table outbox add column subject text;
alter table outbox add column message text;
alter table outbox add column channels jsonb;
alter table outbox add column channel_index int not null default 0;
alter table outbox add column delivered_at timestamptz;
alter table outbox add column delivered_by text;
create index outbox_uncomposed on outbox (created_ms) where message is null and state = 'queued';
create index on outbox (account, created_ms);
