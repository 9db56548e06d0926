-- Tables and queries of Orleans' ADO.NET providers (clustering, reminders, grain storage) for PostgreSQL. The providers ask
-- orleansquery for their statements by name and bind parameters by name; the statements here are AccountGrid's own.

create table orleansquery (
    querykey varchar(64) primary key,
    querytext varchar(8000) not null
);

create table orleansmembershipversiontable (
    deploymentid varchar(150) primary key,
    timestamp timestamptz(3) not null default now(),
    version integer not null default 0
);

create table orleansmembershiptable (
    deploymentid varchar(150) not null references orleansmembershipversiontable (deploymentid),
    address varchar(45) not null,
    port integer not null,
    generation integer not null,
    siloname varchar(150) not null,
    hostname varchar(150) not null,
    status integer not null,
    proxyport integer,
    suspecttimes varchar(8000),
    starttime timestamptz(3) not null,
    iamalivetime timestamptz(3) not null,
    primary key (deploymentid, address, port, generation)
);

create table orleansreminderstable (
    serviceid varchar(150) not null,
    grainid varchar(150) not null,
    remindername varchar(150) not null,
    starttime timestamptz(3) not null,
    period bigint not null,
    grainhash integer not null,
    version integer not null,
    primary key (serviceid, grainid, remindername)
);
create index on orleansreminderstable (serviceid, grainhash);

create table orleansstorage (
    grainidhash integer not null,
    grainidn0 bigint not null,
    grainidn1 bigint not null,
    graintypehash integer not null,
    graintypestring varchar(512) not null,
    grainidextensionstring varchar(512),
    serviceid varchar(150) not null,
    payloadbinary bytea,
    modifiedon timestamp not null,
    version integer
);
-- Without this key two first writes of one grain can both succeed.
create unique index orleansstorage_identity on orleansstorage
    (serviceid, graintypehash, grainidhash, grainidn0, grainidn1, graintypestring, coalesce(grainidextensionstring, ''));

insert into orleansquery (querykey, querytext) values
('InsertMembershipVersionKey', '
    with made as (
        insert into orleansmembershipversiontable (deploymentid) values (@DeploymentId) on conflict do nothing returning 1)
    select count(*)::int from made'),
('InsertMembershipKey', '
    with bumped as (
        update orleansmembershipversiontable set timestamp = now(), version = version + 1
        where deploymentid = @DeploymentId and version = @Version
          and not exists (select from orleansmembershiptable
              where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning 1),
    made as (
        insert into orleansmembershiptable (deploymentid, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from bumped
        returning 1)
    select count(*)::int from made'),
('UpdateMembershipKey', '
    with bumped as (
        update orleansmembershipversiontable set timestamp = now(), version = version + 1
        where deploymentid = @DeploymentId and version = @Version
          and exists (select from orleansmembershiptable
              where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning 1),
    changed as (
        update orleansmembershiptable set status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
        from bumped where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation
        returning 1)
    select count(*)::int from changed'),
('UpdateIAmAlivetimeKey', '
    update orleansmembershiptable set iamalivetime = @IAmAliveTime
    where deploymentid = @DeploymentId and address = @Address and port = @Port and generation = @Generation'),
('MembershipReadRowKey', '
    select v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime, v.version
    from orleansmembershipversiontable v
    left join orleansmembershiptable m on m.deploymentid = v.deploymentid and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.deploymentid = @DeploymentId'),
('MembershipReadAllKey', '
    select v.deploymentid, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime, v.version
    from orleansmembershipversiontable v left join orleansmembershiptable m using (deploymentid)
    where v.deploymentid = @DeploymentId'),
('DeleteMembershipTableEntriesKey', '
    with silos as (delete from orleansmembershiptable where deploymentid = @DeploymentId)
    delete from orleansmembershipversiontable where deploymentid = @DeploymentId'),
('GatewaysQueryKey', '
    select address, proxyport, generation from orleansmembershiptable
    where deploymentid = @DeploymentId and status = @Status and proxyport > 0'),
('CleanupDefunctSiloEntriesKey', '
    delete from orleansmembershiptable where deploymentid = @DeploymentId and iamalivetime < @IAmAliveTime and status <> 3'),
('UpsertReminderRowKey', '
    insert into orleansreminderstable (serviceid, grainid, remindername, starttime, period, grainhash, version)
    values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
    on conflict (serviceid, grainid, remindername) do update
    set starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = orleansreminderstable.version + 1
    returning version'),
('ReadReminderRowsKey', '
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId'),
('ReadReminderRowKey', '
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName'),
('ReadRangeRows1Key', '
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and grainhash > @BeginHash and grainhash <= @EndHash'),
('ReadRangeRows2Key', '
    select grainid, remindername, starttime, period, version from orleansreminderstable
    where serviceid = @ServiceId and (grainhash > @BeginHash or grainhash <= @EndHash)'),
('DeleteReminderRowKey', '
    with gone as (
        delete from orleansreminderstable
        where serviceid = @ServiceId and grainid = @GrainId and remindername = @ReminderName and version = @Version returning 1)
    select count(*)::int from gone'),
('DeleteReminderRowsKey', '
    delete from orleansreminderstable where serviceid = @ServiceId'),
('ReadFromStorageKey', '
    select payloadbinary, (now() at time zone ''utc''), version from orleansstorage
    where serviceid = @ServiceId and graintypehash = @GrainTypeHash and grainidhash = @GrainIdHash
      and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1 and graintypestring = @GrainTypeString
      and coalesce(grainidextensionstring, '''') = coalesce(@GrainIdExtensionString::text, '''')'),
('WriteToStorageKey', '
    with given as (select @GrainStateVersion::int as version),
    changed as (
        update orleansstorage s set payloadbinary = @PayloadBinary, modifiedon = now() at time zone ''utc'', version = s.version + 1
        from given where s.version = given.version and s.serviceid = @ServiceId and s.graintypehash = @GrainTypeHash and s.grainidhash = @GrainIdHash
          and s.grainidn0 = @GrainIdN0 and s.grainidn1 = @GrainIdN1 and s.graintypestring = @GrainTypeString
          and coalesce(s.grainidextensionstring, '''') = coalesce(@GrainIdExtensionString::text, '''')
        returning s.version),
    made as (
        insert into orleansstorage (grainidhash, grainidn0, grainidn1, graintypehash, graintypestring, grainidextensionstring, serviceid, payloadbinary, modifiedon, version)
        select @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString::text, @ServiceId, @PayloadBinary, now() at time zone ''utc'', 1
        from given where given.version is null
        on conflict do nothing returning version)
    select coalesce((select version from changed), (select version from made), (select version from given)) as newgrainstateversion'),
('ClearStorageKey', '
    update orleansstorage set payloadbinary = null, modifiedon = now() at time zone ''utc'', version = version + 1
    where serviceid = @ServiceId and graintypehash = @GrainTypeHash and grainidhash = @GrainIdHash
      and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1 and graintypestring = @GrainTypeString
      and coalesce(grainidextensionstring, '''') = coalesce(@GrainIdExtensionString::text, '''') and version = @GrainStateVersion
    returning version as newgrainstateversion'),
('DeleteStorageKey', '
    delete from orleansstorage
    where serviceid = @ServiceId and graintypehash = @GrainTypeHash and grainidhash = @GrainIdHash
      and grainidn0 = @GrainIdN0 and grainidn1 = @GrainIdN1 and graintypestring = @GrainTypeString
      and coalesce(grainidextensionstring, '''') = coalesce(@GrainIdExtensionString::text, '''') and version = @GrainStateVersion
    returning version + 1 as newgrainstateversion');

-- AccountGrid's own tables. A table whose rows belong to a partition has `partition` first in its primary key and in every unique index, and statements
-- name it, so that these tables can be distributed by that column. All other tables are small or a directory; a test names them.

-- One row: this grid.
create table grid (
    id uuid primary key default gen_random_uuid(),
    -- Which version of each stored form, and which types of commands, are written. Null until the first process starts.
    format_version int,
    format_raised_at timestamptz,
    only_one boolean not null default true unique check (only_one)
);
insert into grid default values;

-- The directory: ids and the numbers that log records and states use in their place.
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
    -- Times in the log, UTC ms, from which a version counts for days to come, and from which one that was withdrawn no longer does.
    known_ms bigint not null default 0,
    withdrawn_ms bigint,
    unique (id, version)
);

-- Price series, each by its definition: zone, currency, length of intervals.
create table price_series (
    id text primary key,
    definition jsonb not null,
    created_at timestamptz not null default now(),
    created_by text not null
);

-- What was published for a series, by numbers from 1 without gaps in the order of commits: logs name a number, and what counts through it never changes. The
-- arrays go together: local day, interval within it from 0, price in 10^-6 units per kWh.
create table price_publication (
    number int primary key,
    series text not null references price_series (id),
    days date[] not null,
    intervals smallint[] not null,
    prices_micro bigint[] not null,
    -- Prices of it that were known before, with another value.
    corrected int not null,
    reason text,
    published_by text not null,
    agreed_by text,
    published_at timestamptz not null
);

-- Corrections of prices of intervals that have begun: a second person agrees to each.
create table price_correction (
    id uuid primary key,
    series text not null references price_series (id),
    body text not null,
    asked_by text not null,
    asked_at timestamptz not null,
    agreed_by text check (agreed_by <> asked_by),
    publication int references price_publication (number)
);

-- Telling customers of a version: the account up to which its list was gone through. A row is made when the version counts in the log.
create table price_announcement (
    tariff int primary key references tariff (number),
    after_account int not null default 0,
    is_listed boolean not null default false,
    is_withdrawal_seen boolean not null default false
);

-- Who was told of a version. Of one that was withdrawn, 'given' rows wait for the word that it does not come.
create table price_notice (
    partition int not null,
    tariff int not null,
    account int not null,
    state text not null check (state in ('given', 'refused', 'withdrawn', 'not-left')),
    -- It leaves later than the account's policy pack asks for.
    is_late boolean not null,
    -- It says nothing of past months: none is known, or there are too many days.
    is_without_past boolean not null,
    primary key (partition, tariff, account)
);
create index price_notice_given on price_notice (partition, tariff, account) where state = 'given';

-- Up to which event of a partition accounts were looked at that may have come to a product after its list was gone through.
create table price_notice_cursor (
    partition int primary key,
    position bigint not null,
    sequence int not null
);

-- Lists of accounts whose tariff is corrected from past days: tried first, then agreed by a second person, then carried out row by row.
create table tariff_list (
    id uuid primary key,
    body_hash bytea not null,
    state text not null check (state in ('trying', 'tried', 'agreed', 'done')),
    row_count int not null,
    asked_by text not null,
    asked_at timestamptz not null,
    agreed_by text,
    agreed_at timestamptz,
    check (agreed_by is null or agreed_by <> asked_by)
);
create index tariff_list_open on tariff_list (asked_at) where state in ('trying', 'agreed');
create table tariff_list_row (
    list uuid not null references tariff_list (id),
    number int not null,
    account text not null,
    tariff text not null,
    version int,
    from_day date not null,
    reason text not null,
    -- 'wrong' and 'refused' have the reason in code and detail.
    state text not null default 'new' check (state in ('new', 'tried', 'wrong', 'done', 'refused')),
    currency text,
    tried_nano bigint,
    done_nano bigint,
    position bigint,
    code text,
    detail text,
    primary key (list, number)
);
create index on tariff_list_row (account);
create index tariff_list_row_open on tariff_list_row (list, number) where state in ('new', 'tried');

create table account (
    number int generated always as identity primary key,
    id text not null unique,
    partition int not null,
    created_at timestamptz not null default now()
);

create sequence meter_route_version;
create table meter (
    number int generated always as identity primary key,
    id text not null unique,
    -- The meter directory in memory knows a meter by this; two ids with one hash cannot both be registered.
    id_hash bigint not null unique,
    gateway int not null references gateway (number),
    account int not null default 0,
    -- Where the meter is now: it can move.
    partition int not null,
    -- False while only a number is allotted: the meter directory in memory does not know such a meter.
    installed boolean not null default false,
    -- Rate registers that it is charged by, 1.8.1 and up; 0 where it is charged by 1.8.0.
    rate_registers smallint not null default 0,
    route_version bigint not null default nextval('meter_route_version'),
    created_at timestamptz not null default now()
);
create index meter_route_version_key on meter (route_version);
create index on meter (account, number);
create index on meter (gateway, account, number);

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

-- Who has a partition, and how far its two flushes are. Each flush carries the epoch and the position it continues from.
create table partition (
    partition int primary key,
    epoch bigint not null default 0,
    owner text,
    effects_position bigint not null default 0,
    state_position bigint not null default 0,
    -- Latest time written in the log before state_position: what the fold takes for now.
    state_now_ms bigint not null default 0,
    -- Up to which publication prices of series count in the states.
    prices_through int not null default 0
) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Which server keeps which partition's log; 0 is this one. Filled when the grid is made.
create table log_server (
    partition int primary key,
    server int not null check (server >= 0)
);

-- Records that one partition's fold sends to a log on another server: written with what caused them, appended there and then deleted.
create table log_transfer (
    -- From which partition.
    partition int not null,
    -- In the order in which they were written.
    id bigint generated always as identity,
    position bigint not null,
    sequence int not null,
    to_partition int not null,
    record_count int not null,
    payload bytea not null,
    -- The key that something else may append the same record under; null is none.
    key text,
    key_hash bytea,
    primary key (partition, id)
);

-- States at the partition's state_position, in pages of neighbouring accounts: a page of 64 costs what three rows of one account would. The arrays beside
-- the packed states are for people: see the view below. Every page is rewritten at every flush where meters report often: vacuum comes once for every half
-- of the table, which costs space and no time.
create table account_page (
    partition int not null,
    page int not null,
    accounts int[] not null,
    balances_nano bigint[] not null,
    states bytea not null,
    primary key (partition, page)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.5, toast.autovacuum_vacuum_scale_factor = 0.5);
alter table account_page alter column states set storage external;

create view account_balance as
select p.partition, a.account, a.balance_nano from account_page p, unnest(p.accounts, p.balances_nano) as a(account, balance_nano);

-- Meters on no account.
create table loose_meter_state (
    partition int not null,
    meter int not null,
    held_wh bigint not null,
    state bytea not null,
    primary key (partition, meter)
) with (fillfactor = 80);

-- Closed local days, one row per meter, assignment and day.
create table meter_day (
    partition int not null,
    meter int not null,
    assignment int not null,
    day date not null,
    -- 0 is 1.8.0, 1 to 4 are the rate registers 1.8.1 to 1.8.4, 5 is 2.8.0: energy that is none of what is charged.
    register smallint not null,
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
    -- Where the day's tariff follows a price series, the latest publication that its prices come from; rate_wh is then by interval.
    prices_through int not null default 0,
    primary key (partition, meter, assignment, day, register)
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
    levies_nano bigint not null default 0,
    export_nano bigint not null default 0,
    capacity_nano bigint not null default 0,
    power_factor_nano bigint not null default 0,
    reference text,
    primary key (partition, position, sequence)
);
create index on entry (account, position, sequence);
-- The list of payments over all accounts.
create index entry_payment on entry (at_ms, partition, position) where kind = 'payment';
create index entry_payment_of_account on entry (account, at_ms, partition, position) where kind = 'payment';

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
-- What brings an account to a product; the same list as in PriceNoticeStore.
create index account_event_of_product on account_event (partition, position, sequence) where event->>'type' in ('account-opened', 'tariff-changed');
-- What a risk grade is made of; the same list as in GradeSource.
create index account_event_of_grade on account_event (account, position, sequence) where event->>'type' in ('account-opened', 'account-closed', 'mode-switched',
    'hold-placed', 'hold-lifted', 'complaint-filed', 'complaint-resolved', 'plan-agreed', 'plan-broken', 'plan-fulfilled', 'plan-cancelled', 'payment-promised',
    'debit-collected', 'debit-returned', 'relay-changed');

-- Payment plans; what was agreed is the event at the position.
create table payment_plan (
    partition int not null,
    position bigint not null,
    sequence int not null,
    account int not null,
    agreed_ms bigint not null,
    state text not null default 'open' check (state in ('open', 'fulfilled', 'broken', 'cancelled')),
    ended_ms bigint,
    primary key (partition, position)
);
create index on payment_plan (state, agreed_ms, partition, position);
create index payment_plan_open on payment_plan (partition, account) where state = 'open';

create table command_outcome (
    partition int not null,
    position bigint not null,
    code text,
    detail text,
    balance_nano bigint not null,
    -- What the command's own ledger entry moved, credit positive.
    amount_nano bigint not null,
    -- What of a payment went to a debt agreement, and what paid late fees.
    debt_nano bigint not null default 0,
    fees_nano bigint not null default 0,
    primary key (partition, position)
);

-- Records that the fold threw on: passed over from then on, and kept with their cause.
create table quarantined_record (
    partition int not null,
    position bigint not null,
    record_count int not null,
    cause text not null,
    created_at timestamptz not null default now(),
    -- What an operator decided about it.
    resolved_at timestamptz,
    resolved_by text,
    resolution text,
    primary key (partition, position)
);

create index quarantined_record_open on quarantined_record (position) where resolved_at is null;

create table reading_exception (
    partition int not null,
    meter int not null,
    reading_ms bigint not null,
    code text not null,
    -- 0 is 1.8.0, 1 to 4 are the rate registers 1.8.1 to 1.8.4.
    register smallint not null,
    account int not null,
    position bigint not null,
    open boolean not null,
    value_wh bigint not null,
    held_wh bigint not null,
    detail text,
    changed_at timestamptz not null default now(),
    primary key (partition, meter, reading_ms, code, register)
);
create index on reading_exception (meter, reading_ms, code, register);
create index on reading_exception (account);

-- Messages. The text is written when the message is decided; the channels are tried in order; delivery is followed to its proof.
create table outbox (
    partition int not null,
    id text not null,
    account int not null,
    position bigint not null,
    kind text not null,
    -- Told to many customers at once: it waits for every other message.
    is_bulk boolean not null generated always as (kind in ('price-change', 'price-withdrawn')) stored,
    body jsonb not null,
    created_ms bigint not null,
    state text not null default 'queued' check (state in ('queued', 'sent', 'delivered', 'failed', 'parked', 'withdrawn')),
    attempts int not null default 0,
    next_attempt_at timestamptz not null default now(),
    claim_token uuid,
    sent_at timestamptz,
    last_error text,
    -- When it was last compared with the account's present state, ms; 0 is not since it was decided.
    confirmed_ms bigint not null default 0,
    -- To which channels it was handed over, and when: a report on its delivery must name one of them.
    handed jsonb not null default '[]',
    -- Minutes of the day and zone in which it is not handed over, however late it is tried again.
    quiet text,
    language text,
    subject text,
    message text,
    channels jsonb,
    channel_index int not null default 0,
    delivered_at timestamptz,
    delivered_by text,
    primary key (partition, id)
);
create index outbox_queue on outbox (is_bulk, next_attempt_at) where state = 'queued';
create index outbox_uncomposed on outbox (is_bulk, created_ms) where message is null and state = 'queued';
create index on outbox (account, created_ms);
-- Messages that a person looks after, and those that a channel failed to take.
create index outbox_parked on outbox (created_ms, id) where state in ('parked', 'failed');
create index outbox_failed on outbox (created_ms) where state = 'queued' and attempts > 0;

-- The customer's contact and who looks after the account: all personal data is in this table.
create table contact (
    partition int not null,
    account int not null references account (number),
    language text not null default 'zh-CN',
    channels jsonb not null default '[]',
    area text,
    manager text,
    -- Language and channels are those of the account's customer, and follow them.
    of_customer boolean not null default false,
    changed_at timestamptz not null default now(),
    primary key (partition, account)
);
create index on contact (area, account);
create index on contact (manager, account) where manager is not null;
-- By the keys of sealed numbers and addresses.
create index on contact using gin (channels jsonb_path_ops);

-- Links of customers' pages carry the generation of their account at the time when they were made: links of an earlier one open nothing. No row is generation 0.
create table page_link (
    partition int not null,
    account int not null references account (number),
    generation int not null default 0,
    -- Whose number the contact has is not known any more: messages have no link until it is set again.
    is_off boolean not null default false,
    -- Bills, use and what was owed from before this are another customer's.
    history_from timestamptz,
    primary key (partition, account)
);
-- When a link was last used, by a name that opens nothing.
create table page_link_use (
    partition int not null,
    account int not null,
    link text not null,
    used_at timestamptz not null,
    primary key (partition, account, link)
);
-- The next generation is no number that can be guessed or comes again.
create function end_page_links(account_partition int, account_number int) returns void language sql as $$
    insert into page_link as l (partition, account, generation) values (account_partition, account_number, 1 + floor(random() * 1000000000)::int)
        on conflict (partition, account) do update set generation = ((l.generation::bigint + excluded.generation) % 2000000000)::int
$$;
-- Another number or address can be another person, whoever writes it. Where none of them is as before, it is taken for another customer, also where there is
-- none for a while. A channel without a number or address is nobody's. What was off stays so while one of them is as before.
create function contact_page_links() returns trigger language plpgsql as $$
declare
    is_known boolean := exists (select from jsonb_array_elements(old.channels) c where c->>'to' <> '');
    is_same boolean := exists (select from jsonb_array_elements(new.channels) c where c->>'to' <> '' and old.channels @> jsonb_build_array(c));
begin
    perform end_page_links(new.partition, new.account);
    update page_link l set is_off = l.is_off and is_same, history_from = case when is_known and not is_same then new.changed_at else l.history_from end
        where l.partition = new.partition and l.account = new.account;
    return null;
end $$;
create trigger contact_page_links after update of channels on contact for each row when (old.channels is distinct from new.channels)
    execute function contact_page_links();

-- Areas form a tree. Collector and chain follow from the assignments and the tree, so that whoever is responsible is one look away.
create table area (
    id text collate "C" primary key,
    name text not null,
    -- Whose midnight begins a day of assignments.
    zone text not null,
    parent text collate "C" references area (id),
    -- Itself and the areas above, from itself up.
    path text[] not null default '{}',
    -- Its own collector today; null is none.
    collector text,
    -- Collectors of itself and of the areas above, from itself up, each once.
    chain text[] not null default '{}',
    changed_by text not null,
    changed_at timestamptz not null
);
create index on area using gin (path);

-- Customers own accounts. Channels of the contact are sealed; the name is not, since it is searched.
create table customer (
    id text collate "C" primary key,
    name text not null,
    name_key text collate "C" not null,
    class text not null,
    size text not null,
    segment text collate "C" not null generated always as (class || '/' || size) stored,
    area text collate "C" references area (id),
    language text not null,
    contact jsonb not null,
    -- Its own account manager today; null is none.
    manager text,
    -- Risk grade, 1 (A) to 4 (D); a new customer has B.
    grade smallint not null default 2 check (grade between 1 and 4),
    -- The result of the last monthly evaluation where it was worse than the grade, and the month it was of: the months since the year 0.
    grade_pending smallint check (grade_pending between 1 and 4),
    grade_month int not null default 0,
    -- Contracted demand over all its accounts; null is not known.
    contract_demand_w bigint check (contract_demand_w > 0),
    -- The case that was opened for use that fell by more than half; null while it has not.
    fall_case text,
    body_hash bytea not null,
    created_by text not null,
    created_at timestamptz not null,
    changed_at timestamptz not null
);
create index on customer (name_key, id);
create index on customer using gin (contact jsonb_path_ops);
create index on customer (area, name_key, id);
create index on customer (segment, name_key, id);
create index on customer (manager, id) where manager is not null;
create index on customer (grade, id);
create index on customer (grade_month, id);
create index on customer (segment, id);
create index on customer (segment, grade, id);
create index on customer (area, id);
create index on customer (area, grade, id);
create index on customer (area, segment, id);
create index on customer (area, segment, grade, id);

-- An account belongs to one customer. What was attached and detached by whom stays.
create table customer_account (
    account int primary key references account (number),
    customer text collate "C" not null references customer (id),
    since timestamptz not null
);
create index on customer_account (customer);
create table customer_account_change (
    id bigint generated always as identity primary key,
    account int not null,
    customer text collate "C" not null,
    is_attached boolean not null,
    person text not null,
    at timestamptz not null
);
create index on customer_account_change (customer, id);
create index on customer_account_change (account, id);
-- Links of the customer before open nothing of the one after, nor the other way round. A number that was set by hand is the one before's until it is set again;
-- so is one that an account without a customer has, if it is none of the new customer's own by its keys.
create function customer_account_page_links() returns trigger language plpgsql as $$
begin
    perform end_page_links(a.partition, a.number) from account a where a.number = new.account;
    if not new.is_attached then
        update page_link l set history_from = new.at, is_off = l.is_off or exists (
                select from contact k where k.partition = l.partition and k.account = l.account and not k.of_customer and k.channels <> '[]')
            from account a where a.number = new.account and l.partition = a.partition and l.account = a.number;
    else
        update page_link l set history_from = new.at, is_off = true
            from account a join contact k on k.partition = a.partition and k.account = a.number join customer c on c.id = new.customer
            where a.number = new.account and l.partition = a.partition and l.account = a.number and not k.of_customer
                and exists (select from jsonb_array_elements(k.channels) h where h->>'to' <> '' and not exists (
                    select from jsonb_array_elements(c.contact) o where jsonb_array_length(o->'keys') > 0 and o->'keys' = h->'keys'));
    end if;
    return null;
end $$;
create trigger customer_account_page_links after insert on customer_account_change for each row execute function customer_account_page_links();

-- What a person established about a customer, with a reference to where it is written. Rows change only by the end of a hazard.
create table grade_breach (
    id bigint generated always as identity primary key,
    customer text collate "C" not null references customer (id),
    kind smallint not null check (kind between 1 and 5),
    day date not null,
    reference text not null,
    made_by text not null,
    made_at timestamptz not null,
    end_day date,
    end_reference text,
    ended_by text,
    ended_at timestamptz,
    unique (customer, kind, day, reference)
);

-- Evaluations of risk grades: one for each month, and those by which a knock-out lowered the grade at once.
create table grade_evaluation (
    customer text collate "C" not null references customer (id),
    -- The day by whose begin it is evaluated.
    day date not null,
    is_monthly boolean not null,
    points numeric(5, 2) not null,
    -- What the points and knock-outs alone give, and the customer's grade before and after.
    result smallint not null,
    before smallint not null,
    after smallint not null,
    pending smallint,
    factors jsonb not null,
    knock_outs smallint[] not null,
    evaluated_at timestamptz not null,
    primary key (customer, day, is_monthly)
);

-- What customers said of their situation and what was agreed. Rows never change: a later note corrects an earlier one. Texts are sealed.
create table customer_note (
    id bigint generated always as identity primary key,
    customer text collate "C" not null references customer (id),
    kind text not null check (kind in ('situation', 'vacant')),
    said text not null,
    agreed text,
    -- First day and last day for which it holds; null is from its day on, and without an end.
    from_day date not null,
    until_day date,
    corrects bigint references customer_note (id),
    written_by text not null,
    written_at timestamptz not null,
    key text not null,
    body_hash bytea not null,
    unique (customer, key)
);
create index on customer_note (customer, id);
create unique index on customer_note (corrects) where corrects is not null;

-- Who is responsible for an area or a customer from a day on. Rows never change; of two of one day the later decides.
create table assignment (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('area', 'customer')),
    subject text collate "C" not null,
    from_day date not null,
    -- Null: nobody.
    person text,
    made_by text not null,
    made_at timestamptz not null,
    -- Its day has come and it was looked at.
    is_begun boolean not null default false
);
create index on assignment (kind, subject, from_day, id);
create index assignment_to_come on assignment (kind, from_day) where not is_begun;
-- Files of assignments, each once by its content, whatever the order of its lines.
create table assignment_file (
    hash bytea primary key,
    line_count int not null,
    made_by text not null,
    made_at timestamptz not null
);

-- Whoever has a case by assignment: the customer's manager, then the collectors from the area up. The same as Responsibility.OwnerOf, which a test compares.
create function case_owner(manager text, chain text[], level int) returns text language sql immutable as $$
    select p.persons[least(level + 1, cardinality(p.persons))]
    from (select case when manager is null then coalesce(chain, '{}') else array[manager] || array_remove(coalesce(chain, '{}'), manager) end as persons) p
$$;

-- Whether an area is a scope or lies in it. Areas that are in no tree are only themselves.
create function is_in_area(area_id text, scope text) returns boolean language sql stable as $$
    select area_id = scope or exists (select from area a where a.id = area_id and scope = any(a.path))
$$;

-- What is due next for an account in a workflow; written with the decision, deleted when the account leaves the workflow.
create table due (
    partition int not null,
    account int not null,
    kind text not null,
    due_at timestamptz not null,
    primary key (partition, account)
) with (fillfactor = 70);
create index on due (partition, due_at);

create table bill (
    partition int not null,
    id text not null,
    account int not null,
    position bigint not null,
    created_ms bigint not null,
    from_day date not null,
    to_day date not null,
    due_day date,
    amount_nano bigint not null,
    facts jsonb not null,
    -- Written once, when the day rows that it lists are in the database.
    document jsonb,
    primary key (partition, id)
);
create index on bill (account, to_day);
create index on bill (to_day, partition, id);
create index bill_unwritten on bill (partition, position) where document is null;

-- What was asked for and what paid it, as the account's log decided it: changes of items, each once. An amount is netted by credit.
create table item_move (
    partition int not null,
    account int not null,
    item int not null,
    position bigint not null,
    -- Position of the credit that paid; 0 where the item was settled otherwise; -1 where it was asked for.
    credit bigint not null,
    -- Of the credit, or else of the record.
    day date not null,
    due_day date,
    -- Asked for in all, or paid; below zero where it is open again.
    nano bigint not null,
    primary key (partition, account, item, position, credit)
);

create table work_case (
    partition int not null,
    id text not null,
    account int not null,
    position bigint not null,
    kind text not null,
    created_ms bigint not null,
    due_day date not null,
    -- End of the working hours of that day.
    due_at timestamptz not null,
    zone text not null,
    amount_nano bigint not null,
    policy text not null,
    area text,
    -- What it is about, where it is not about an account alone; personal data.
    subject text,
    priority smallint not null default 1,
    -- The grade that is in the sort key, 1 (A) to 4 (D).
    grade smallint not null default 2,
    -- Of CaseUrgency: lowest first.
    sort_key bigint not null,
    opened_by text not null default '',
    -- Of what a person asked for when it was opened by hand.
    body_hash bytea,
    postponed int not null default 0,
    -- When it goes to the next person; null once the last has it.
    escalate_at timestamptz,
    result text,
    -- Whoever has it; null is nobody.
    owner text,
    -- Somebody took it or was given it: assignments do not move it.
    is_by_hand boolean not null default false,
    -- How many persons up it has gone.
    level int not null default 0,
    state text not null default 'open' check (state in ('open', 'escalated', 'closed')),
    outcome text,
    closed_by text,
    closed_at timestamptz,
    primary key (partition, id)
);
create index on work_case (account);
create index work_case_open on work_case (sort_key, id) where state <> 'closed';
create index work_case_of_owner on work_case (owner, sort_key, id) where state <> 'closed';
create index work_case_of_area on work_case (area, sort_key, id) where state <> 'closed';
create index work_case_late on work_case (escalate_at) where state <> 'closed' and escalate_at is not null;

-- What happened to a case beside its opening.
create table case_event (
    partition int not null,
    case_id text not null,
    id bigint generated always as identity,
    at timestamptz not null,
    kind text not null,
    person text not null,
    from_owner text,
    to_owner text,
    -- What a person wrote, or why the grid did it.
    reason text,
    -- Of a request that adds a row; null where the row follows from a change that is made once.
    key text,
    primary key (partition, case_id, id),
    unique (partition, case_id, key)
);

-- Complaints: what was said, by when it must be taken up and answered, and how it was decided. Cases and holds are in the account's log.
create table complaint (
    partition int not null,
    id text not null,
    account int not null,
    topic smallint not null,
    source text not null check (source in ('customer', 'staff', 'survey')),
    -- Sealed, as the notes are.
    said text not null,
    body_hash bytea not null,
    filed_by text not null,
    filed_at timestamptz not null,
    zone text not null,
    contact_due date not null,
    answer_due date not null,
    contacted_at timestamptz,
    contacted_by text,
    contact_note text,
    escalation smallint not null default 0,
    state text not null default 'new' check (state in ('new', 'open', 'deciding', 'resolved')),
    outcome smallint,
    resolved_by text,
    resolved_at timestamptz,
    resolution text,
    -- The payment channel that it is about; null where none is named.
    channel text,
    primary key (partition, id)
);
create index on complaint (account, filed_at);
create index complaint_of_channel on complaint (channel, filed_at) where channel is not null;
create index complaint_open on complaint (answer_due, id) where state = 'open';
create index complaint_left on complaint (filed_at) where state in ('new', 'deciding');

-- Surveys: who was asked after what, and the answer, which counts once. An answer of a payment has its channel, one of a case who closed it.
create table survey (
    partition int not null,
    -- Random: it is in a link, and names nobody.
    id text not null,
    account int not null,
    occasion smallint not null,
    asked_day date not null,
    state text not null default 'new' check (state in ('new', 'asked', 'refused', 'answered')),
    area text,
    manager text,
    collector text,
    channel text,
    satisfaction smallint check (satisfaction between 1 and 5),
    effort smallint check (effort between 1 and 7),
    -- Sealed.
    comment text,
    wants_contact boolean,
    answered_at timestamptz,
    primary key (partition, id)
);
create index on survey (account, asked_day);
create index survey_new on survey (asked_day, id) where state = 'new';
create index on survey (answered_at) where answered_at is not null;

-- Up to which event of a partition surveys were drawn, and on which days areas were.
create table survey_cursor (
    partition int primary key,
    position bigint not null,
    sequence int not null
);
create table survey_area_day (day date primary key);

-- Sums of what happened on a day or in a month, and of how things stood at a day's end, by area and class. Counted by one process of the cluster.
create table figure (
    span text not null check (span in ('day', 'month')),
    -- Each sum stands four times, so that a question reads few rows: 0 of all accounts, 1 by area, 2 by class, 3 by both.
    level smallint not null,
    -- The day, or the month's first.
    day date not null,
    -- Empty where it is of all areas, or of accounts without one.
    area text not null,
    -- -1 where it is of all classes.
    class smallint not null,
    currency text not null,
    name text not null,
    detail text not null,
    count bigint not null,
    -- Nano, or what the name says. Wider than a balance: it is of all accounts.
    amount numeric not null,
    primary key (span, level, day, area, class, currency, name, detail)
);
create index on figure (span, level, area, day);

-- How far each partition's rows are counted. The second position is never taken back: up to there a rebuild takes areas and days' ends as they were.
create table figure_partition (
    partition int primary key,
    position bigint not null default -1,
    recorded bigint not null default -1,
    closed_day date
);
create table figure_account (
    partition int not null,
    account int not null,
    facts jsonb not null,
    primary key (partition, account)
) with (fillfactor = 70);

-- Which area an account counted to from which position, and which days were ended by the clock after which position.
create table figure_area (
    partition int not null,
    account int not null,
    position bigint not null,
    area text not null,
    primary key (partition, account, position)
);
create table figure_close (
    partition int not null,
    day date not null,
    position bigint not null,
    primary key (partition, day)
);
create index on figure_close (partition, position);

-- Offers of prepaid terms with the figures and texts that the customer saw, and what became of them.
create table prepayment_offer (
    partition int not null,
    id text not null,
    account int not null,
    -- What it is about, as it was said: figures of the account's own months.
    figures jsonb not null,
    text_version text not null,
    text_zh text not null,
    text_en text not null,
    body_hash bytea not null,
    offered_by text not null,
    offered_at timestamptz not null,
    state text not null default 'offered' check (state in ('offered', 'consented', 'switched', 'refused')),
    consent_reference text,
    consent_hash bytea,
    consented_at timestamptz,
    -- What a second person must agree to before the switch.
    approval uuid,
    switch_day date,
    switch_at timestamptz,
    -- Code of why it was refused.
    outcome text,
    primary key (partition, id)
);
create index on prepayment_offer (account, offered_at);
create index prepayment_offer_due on prepayment_offer (switch_at) where state = 'consented';

-- Who would have paid less, by the last month that was looked at.
create table prepayment_candidate (
    partition int not null,
    account int not null,
    month date not null,
    figures jsonb not null,
    saving_nano bigint not null,
    primary key (partition, account)
);
create index on prepayment_candidate (saving_nano desc, account desc);
create table prepayment_month (
    month date primary key,
    after_account int not null default 0,
    is_done boolean not null default false
);

create table relay_command (
    partition int not null,
    account int not null,
    sequence int not null,
    position bigint not null,
    turns_on boolean not null,
    state text not null check (state in ('planned', 'released', 'withdrawn', 'confirmed')),
    created_ms bigint not null,
    expires_ms bigint not null,
    -- Meters whose relay has not confirmed.
    meters int[] not null,
    held_reason text,
    held_released_by text,
    primary key (partition, account, sequence)
) with (fillfactor = 70);
create index relay_command_held on relay_command (created_ms) where state = 'planned' and held_reason is not null and held_released_by is null;
create index relay_command_open on relay_command (created_ms, account, sequence) where state in ('planned', 'released');

-- Cuts that were released, for the breaker: counted by hour, area and tariff over the whole grid.
create table cut_release (
    account int not null,
    sequence int not null,
    area text,
    tariff int not null,
    released_at timestamptz not null,
    primary key (account, sequence)
);
create index on cut_release (released_at);

-- What an administrator tries at the relay of a meter that is on no account: the last try of each.
create table relay_test (
    meter int primary key references meter (number),
    turns_on boolean not null,
    asked_by text not null,
    asked_ms bigint not null,
    confirmed_ms bigint
);

-- MQTT messages that were refused, whole or in part: the newest of each gateway and code.
create table mqtt_refused (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    profile text not null,
    topic text not null,
    -- As the topic names it; empty where no such gateway is registered.
    gateway text not null,
    code text not null,
    detail text not null,
    rejected int not null,
    -- Its first bytes.
    payload bytea not null,
    payload_bytes int not null,
    -- Readings that are tried again, as lines of POST /v1/readings.
    later bytea,
    -- How many of those were given up; null where none was tried again.
    given_up int,
    tried_at timestamptz not null default now()
);
create index on mqtt_refused (gateway, code, id);
create index on mqtt_refused (tried_at) where later is not null;

-- How many there were.
create table mqtt_refused_count (
    profile text not null,
    code text not null,
    count bigint not null,
    last_at timestamptz not null default now(),
    primary key (profile, code)
);

-- Files with meter data that were sent, in the order in which they are read.
create table meter_file (
    id text primary key,
    sha256 bytea not null,
    -- Number of the gateway that sent it; 0 may send of any meter.
    gateway int not null,
    sent_by text not null,
    name text,
    format text,
    mapping text,
    -- As it came; null once it is done.
    content bytea,
    status text not null,
    -- How often it was begun; who writes what came of it names the number.
    run int not null default 0,
    leased_until timestamptz,
    result jsonb,
    received_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz
);
create index on meter_file (received_at, id) where content is not null;
create index on meter_file (finished_at) where finished_at is not null;

-- What each client id of this grid has subscribed to at the broker.
create table mqtt_session (
    client text primary key,
    filters text[] not null
);

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

-- Every change of an API key counts here; processes compare the number before they trust the keys that they remember.
create table key_change (number bigint not null);
insert into key_change values (0);

-- People who sign in at the console with a password. The password is kept as its salted hash, with the parameters in it.
create table operator_account (
    name text primary key,
    display_name text not null,
    role text not null,
    scope text,
    -- Null where a provider of OpenID Connect signs the operator in.
    password text,
    -- Subject and provider, as decisions are recorded under; null where there is a password.
    person text unique check ((person is null) <> (password is null)),
    is_disabled boolean not null default false,
    language text not null default '',
    theme text not null default '',
    made_at timestamptz not null
);

-- Who is signed in. The token is with the browser alone; its SHA-256 finds the row.
create table operator_session (
    token_hash bytea primary key,
    operator text not null references operator_account (name),
    made_at timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null
);
create index on operator_session (operator);
create index on operator_session (ends_at);

-- Sign-ins that failed, for as long as further ones are refused for them. Of the name the hash: people type passwords there.
create table operator_sign_in (
    id bigint generated always as identity primary key,
    operator bytea not null,
    address text not null,
    at timestamptz not null
);
create index on operator_sign_in (address, at);

-- Tells a process with another personal-data key than the grid's own, before it writes what no other process could read.
create table personal_data_key (
    id bytea primary key,
    proof bytea not null,
    added_at timestamptz not null default now()
);

-- A secret that all processes of the grid share and that the database alone does not tell: sealed with the personal-data key.
create table grid_secret (
    one bool primary key default true check (one),
    sealed text not null
);

-- Who was about to do what, written before it was done, chained by hash per account (the empty account is the grid itself). The head is what the next row
-- continues.
create table audit_trail (
    account text not null,
    sequence bigint not null,
    at timestamptz not null,
    person text not null,
    name text not null,
    role text not null,
    method text not null,
    path text not null,
    body_hash bytea not null,
    trace text not null,
    hash bytea not null,
    primary key (account, sequence)
);
-- What people did, by time and by person. Rows of programs are many, and are found by their account, or in the grid's own chain.
create index audit_trail_at on audit_trail (at, account, sequence) where role in ('Administrator', 'Auditor', 'Collector', 'AccountManager');
create index audit_trail_person on audit_trail (person, at, account, sequence) where role in ('Administrator', 'Auditor', 'Collector', 'AccountManager');
create table audit_head (
    account text primary key,
    sequence bigint not null,
    hash bytea not null
);

-- What was answered, as far as it is known; with a code that only the grid's processes can compute.
create table audit_outcome (
    account text not null,
    sequence bigint not null,
    status int not null,
    code bytea not null,
    primary key (account, sequence)
);

create function audit_hash(previous bytea, account text, sequence bigint, at timestamptz, person text, name text, role text, method text, path text, body_hash bytea, trace text)
returns bytea language sql stable as $$
    select sha256(previous || convert_to(jsonb_build_array(account, sequence, extract(epoch from at) * 1000000, person, name, role, method, path, encode(body_hash, 'hex'), trace)::text, 'UTF8'))
$$;

-- Appends a row behind its account's head, whose lock keeps the chain one chain; returns its number.
create function audit_append(account text, at timestamptz, person text, name text, role text, method text, path text, body_hash bytea, trace text)
returns bigint language sql as $$
    with head as (
        insert into audit_head as h (account, sequence, hash) values ($1, 1, audit_hash(''::bytea, $1, 1, $2, $3, $4, $5, $6, $7, $8, $9))
        on conflict on constraint audit_head_pkey do update set sequence = h.sequence + 1, hash = audit_hash(h.hash, $1, h.sequence + 1, $2, $3, $4, $5, $6, $7, $8, $9)
        returning h.sequence, h.hash)
    insert into audit_trail select $1, head.sequence, $2, $3, $4, $5, $6, $7, $8, $9, head.hash from head returning sequence
$$;

-- Tables that only grow. What people wrote about a customer can be taken out of entries and events; nothing else of them can be changed.
create function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_table_name in ('entry', 'account_event') and current_setting('accountgrid.erasing', true) = 'on' then
        return null;
    end if;
    raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger entry_is_append_only before update or delete or truncate on entry for each statement execute function refuse_change();
create trigger account_event_is_append_only before update or delete or truncate on account_event for each statement execute function refuse_change();
create trigger audit_trail_is_append_only before update or delete or truncate on audit_trail for each statement execute function refuse_change();
create trigger audit_outcome_is_append_only before update or delete or truncate on audit_outcome for each statement execute function refuse_change();

-- An event without what a person wrote in it. Members and types are those of Erasure.cs, which a test compares.
create function erased(event jsonb) returns jsonb language sql immutable as $$
    select event || coalesce((
        select jsonb_object_agg(key, to_jsonb('[erased]'::text)) from jsonb_each(event)
        where jsonb_typeof(value) = 'string' and (key in ('reference', 'note', 'consentReference')
            or (key = 'reason' and event->>'type' not in ('wait-begun-anew', 'notice-compared', 'relay-changed')) or (key = 'outcome' and event->>'type' = 'case-closed'))), '{}')
$$;

create function keep_entry() returns trigger language plpgsql as $$
begin
    if to_jsonb(new) - 'reference' is distinct from to_jsonb(old) - 'reference' or (new.reference is distinct from old.reference and new.reference is distinct from '[erased]') then
        raise exception 'table entry is append-only but for texts that are erased' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create function keep_event() returns trigger language plpgsql as $$
begin
    if to_jsonb(new) - 'event' is distinct from to_jsonb(old) - 'event' or (new.event is distinct from old.event and new.event is distinct from erased(old.event)) then
        raise exception 'table account_event is append-only but for texts that are erased' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger entry_keeps_its_figures before update on entry for each row execute function keep_entry();
create trigger account_event_keeps_its_figures before update on account_event for each row execute function keep_event();

-- Erases a customer as a person, wherever its contact was taken over; false where there is no such customer.
create function erase_customer(customer_id text) returns boolean language plpgsql as $$
begin
    -- As whoever changes the customer does: its row first, then the contacts of its accounts.
    perform from customer c where c.id = customer_id for no key update;
    perform end_page_links(n.partition, n.number) from customer_account o join account n on n.number = o.account where o.customer = customer_id;
    update contact k set channels = '[]', changed_at = now() from customer_account o join account n on n.number = o.account
        where o.customer = customer_id and k.partition = n.partition and k.account = n.number and k.of_customer;
    delete from grade_evaluation e where e.customer = customer_id;
    update grade_breach b set reference = '[erased]', end_reference = case when b.end_reference is not null then '[erased]' end where b.customer = customer_id;
    update customer_note n set said = '', agreed = null, body_hash = '' where n.customer = customer_id;
    update customer c set name = '[erased]', name_key = '[erased]', contact = '[]', changed_at = now() where c.id = customer_id;
    return found;
end $$;

-- A list of a bill's document without what a person wrote in a member of its elements.
create function erased_list(list jsonb, member text) returns jsonb language sql immutable as $$
    select coalesce(jsonb_agg(case when e.value->>member is null then e.value else e.value || jsonb_build_object(member, '[erased]') end order by e.number), '[]')
    from jsonb_array_elements(list) with ordinality as e(value, number)
$$;

-- Erases such texts wherever they are in the database, but not in the log, which is trimmed.
create function erase_texts(account_partition int, account_number int, account_id text) returns void language plpgsql as $$
begin
    -- Whoever writes a bill's document holds its row, and ends first or reads what is erased.
    perform from bill b where b.partition = account_partition and b.account = account_number order by b.id for update;
    perform set_config('accountgrid.erasing', 'on', true);
    update entry e set reference = '[erased]' where e.partition = account_partition and e.account = account_number and e.reference <> '[erased]';
    update account_event e set event = erased(e.event) where e.partition = account_partition and e.account = account_number and e.event <> erased(e.event);
    perform set_config('accountgrid.erasing', 'off', true);
    update bill b set document = b.document || jsonb_build_object('credits', erased_list(b.document->'credits', 'reference'), 'owed', erased_list(b.document->'owed', 'reason'))
        where b.partition = account_partition and b.account = account_number and b.document is not null;
    update tariff_list_row r set reason = '[erased]' where r.account = account_id;
    update survey s set comment = '' where s.partition = account_partition and s.account = account_number;
    update complaint c set said = '', contact_note = null, resolution = null where c.partition = account_partition and c.account = account_number;
    update prepayment_offer o set consent_reference = '[erased]'
        where o.partition = account_partition and o.account = account_number and o.consent_reference is not null;
    update debit_mandate m set debtor_name = '', debtor_account = '', debtor_agent = null, body_hash = '', state = 'cancelled',
        state_reason = case when m.state = 'cancelled' then m.state_reason else 'erased' end
        where m.partition = account_partition and m.account = account_number;
    update work_case c set outcome = case when c.outcome is not null then '[erased]' end, subject = case when c.subject is not null then '[erased]' end
        where c.partition = account_partition and c.account = account_number and (c.outcome is not null or c.subject is not null);
    update case_event e set reason = '[erased]' from work_case c where c.partition = account_partition and c.account = account_number
        and e.partition = c.partition and e.case_id = c.id and e.reason is not null;
    perform erase_customer(a.customer) from customer_account a where a.account = account_number;
    perform end_page_links(account_partition, account_number);
    delete from page_link_use u where u.partition = account_partition and u.account = account_number;
    update approval a set body = (a.body::jsonb || coalesce((select jsonb_object_agg(key, to_jsonb('[erased]'::text)) from jsonb_each(a.body::jsonb) where key in ('reason', 'consent') and jsonb_typeof(value) = 'string'), '{}'))::text
        where a.account = account_id;
end $$;

-- Payment channels: banks, agents, wallets and counters. Versions never change.
create table payment_channel (
    id text not null,
    effective_from date not null,
    definition jsonb not null,
    created_at timestamptz not null default now(),
    primary key (id, effective_from)
);

-- A channel's payment ids, each once for ever, whatever became of it. An id that is taken has one fate: booked to an account, held for a person, or closed.
create table channel_payment (
    channel text not null,
    txn text not null,
    status text not null check (status in ('open', 'accepted', 'held', 'rejected', 'reversed', 'closed')),
    -- The agent that sold it out of its float; null where the channel has none.
    agent text,
    -- The money is in the channel's suspense account.
    in_suspense boolean not null default false,
    -- Null where a status query or a reversal closed the id before any payment.
    body_hash bytea,
    account text,
    partition int,
    amount_nano bigint,
    currency text,
    paid_at timestamptz,
    business_day date,
    facts jsonb,
    -- Counts assignments: a held payment that is moved to an account is booked under a key of its own.
    attempt int not null default 0,
    payment_position bigint,
    answer jsonb,
    -- Code of why it is held, or was rejected, and for a rejected one the sentence.
    held_because text,
    rejected_detail text,
    assigned_by text,
    assigned_reason text,
    reversed_by text,
    created_at timestamptz not null default now(),
    booked_at timestamptz,
    -- By the database's clock, for whoever counts payments: which rows are new since.
    changed_at timestamptz not null default clock_timestamp(),
    primary key (channel, txn)
);
create index on channel_payment (channel, changed_at);
create index channel_payment_closed on channel_payment (channel, created_at) where status = 'closed';
create index channel_payment_day on channel_payment (channel, business_day);
create index channel_payment_open on channel_payment (created_at) where status = 'open';
create index channel_payment_held on channel_payment (channel, txn) where status = 'held';
create index on channel_payment (partition, payment_position) where payment_position is not null;

-- Agents sell for a channel of kind agent, out of a float of their own: an account of the ledger.
create table agent (
    id text primary key,
    channel text not null,
    created_by text not null,
    created_at timestamptz not null default now()
);
create index on agent (channel, id);

create table channel_reversal (
    channel text not null,
    txn text not null,
    body_hash bytea not null,
    original text not null,
    request jsonb not null,
    status text not null default 'open' check (status in ('open', 'done', 'remembered', 'refused')),
    answer jsonb,
    created_at timestamptz not null default now(),
    primary key (channel, txn)
);
create index channel_reversal_open on channel_reversal (created_at) where status = 'open';
create index on channel_reversal (channel, original);
create index on channel_reversal (channel, created_at);

-- What a query told a channel: the amount that a payment may name it for.
create table channel_query (
    ref uuid primary key,
    channel text not null,
    account text not null,
    owed_nano bigint not null,
    valid_until timestamptz not null
);
create index on channel_query (valid_until);

create table channel_heartbeat (
    channel text not null,
    terminal text not null,
    at timestamptz not null,
    queue int not null,
    received_at timestamptz not null default now(),
    primary key (channel, terminal, at)
);
create index on channel_heartbeat (channel, at);

-- Probes of channels, one a minute at most: who writes the row asks. Null while nobody knows the answer.
create table channel_probe (
    channel text not null,
    minute timestamptz not null,
    is_up boolean,
    primary key (channel, minute)
);

-- Settlement files of channels, each once by its content, with all their lines. Lines never change but for what the reconciliation says of them.
create table channel_settlement (
    id text primary key,
    channel text not null,
    sha256 bytea not null,
    first_day date,
    last_day date,
    answer jsonb not null,
    imported_by text not null,
    imported_at timestamptz not null default now(),
    changed_at timestamptz not null default clock_timestamp(),
    unique (channel, sha256)
);
create index on channel_settlement (channel, first_day);

create table channel_settlement_line (
    settlement text not null references channel_settlement (id),
    ordinal int not null,
    channel text not null,
    line int not null,
    kind text not null check (kind in ('payment', 'refund', 'fee')),
    txn text,
    refs jsonb not null,
    amount_nano bigint not null,
    fee_nano bigint not null,
    at timestamptz,
    business_day date not null,
    account text,
    original text,
    result text,
    matched_with text,
    primary key (settlement, ordinal)
);
create index on channel_settlement_line (channel, business_day);
create index on channel_settlement_line (channel, txn);
create index on channel_settlement_line (channel, original) where original is not null;
create index on channel_settlement_line (settlement, result, ordinal);

-- Differences for people to decide about. What went away before anyone decided is gone; what was found after the day's sign-off is a correction.
create table reconciliation_item (
    channel text not null,
    business_day date not null,
    key text not null,
    result text not null,
    kind text not null,
    txn text,
    original text,
    own_txn text,
    account text,
    amount_nano bigint,
    own_amount_nano bigint,
    at timestamptz,
    proposal text not null,
    line_key text,
    is_correction boolean not null,
    state text not null default 'open' check (state in ('open', 'accepted', 'rejected', 'gone')),
    decided_by text,
    reason text,
    decided_at timestamptz,
    -- What the correction came to; null while it is open or being carried out.
    outcome text,
    opened_at timestamptz not null default now(),
    changed_at timestamptz not null default clock_timestamp(),
    primary key (channel, business_day, key)
);
create index on reconciliation_item (channel, changed_at);

create function set_changed_at() returns trigger language plpgsql as $$
begin
    new.changed_at = clock_timestamp();
    return new;
end $$;
create trigger channel_payment_changes before update on channel_payment for each row execute function set_changed_at();
create trigger reconciliation_item_changes before update on reconciliation_item for each row execute function set_changed_at();

-- What was counted of channels, by day and month. It follows from the rows of channels, and can be counted again.
create table channel_score (
    span text not null check (span in ('day', 'month')),
    day date not null,
    channel text not null,
    facts jsonb not null,
    primary key (span, day, channel)
);

-- Up to which day a channel is counted, and up to when changes of its rows were seen, by the database's clock.
create table channel_score_position (
    channel text primary key,
    day date not null,
    seen timestamptz not null
);

-- Lines and payments that a person decided to be the same.
create table reconciliation_pair (
    channel text not null,
    line_key text not null,
    own_txn text not null,
    decided_by text not null,
    decided_at timestamptz not null default now(),
    primary key (channel, line_key)
);

-- Days that were signed off, as they were then.
create table reconciliation_day (
    channel text not null,
    business_day date not null,
    signed_by text not null,
    signed_at timestamptz not null default now(),
    note text,
    results jsonb not null,
    primary key (channel, business_day)
);

-- Mandates for direct debit: ids that are unique for ever. Whose bank account it is, is sealed, and empty once it is erased.
create table debit_mandate (
    id text primary key,
    channel text not null,
    scheme text not null check (scheme in ('core', 'b2b', 'batch')),
    partition int not null,
    account int not null,
    account_id text not null,
    signed_on date not null,
    one_off boolean not null,
    max_nano bigint,
    debtor_name text not null,
    debtor_account text not null,
    debtor_agent text,
    body_hash bytea not null,
    state text not null check (state in ('active', 'suspended', 'cancelled')),
    state_reason text,
    last_used date,
    created_by text not null,
    created_at timestamptz not null default now(),
    changed_by text,
    changed_at timestamptz
);
create index on debit_mandate (partition, account);
create index on debit_mandate (channel, id) where state = 'active';

-- Collections: a due day of an account has one at a time. Each has a number of its own; the presentation counts those that reached the bank.
create table debit_item (
    id text primary key,
    channel text not null,
    mandate text not null references debit_mandate (id),
    partition int not null,
    account int not null,
    account_id text not null,
    due_day date not null,
    collect_day date not null,
    number int not null,
    presentation smallint not null,
    -- Calendar days that had to lie between the notice and the collection.
    notice_days int not null,
    announced_nano bigint not null,
    amount_nano bigint,
    -- Counts claims that were refused since less was unpaid: each has a key of its own in the account's log.
    attempt int not null default 0,
    sequence text,
    state text not null default 'new' check (state in ('new', 'announced', 'claimed', 'sent', 'skipped', 'paid', 'rejected', 'returned')),
    -- Code of why it was not collected.
    why text,
    reason text,
    returned_at timestamptz,
    created_at timestamptz not null default now()
);
create index on debit_item (channel, collect_day, id);
create index on debit_item (mandate);
create index on debit_item (account, due_day);
create index debit_item_new on debit_item (created_at) where state = 'new';

-- Runs: the collections of a channel and day, and the configuration under which the file is made.
create table debit_run (
    channel text not null,
    day date not null,
    message_id text not null unique,
    setting jsonb not null,
    state text not null default 'open' check (state in ('open', 'made')),
    created_by text not null,
    created_at timestamptz not null,
    primary key (channel, day)
);
create index debit_run_open on debit_run (created_at) where state = 'open';

-- Files of what banks answered, each once by its content, with what each line led to.
create table debit_result_file (
    id text primary key,
    channel text not null,
    sha256 bytea not null,
    format text not null,
    imported_by text not null,
    imported_at timestamptz not null default now(),
    unique (channel, sha256)
);

create table debit_result (
    file text not null references debit_result_file (id),
    ordinal int not null,
    line int not null,
    item text not null references debit_item (id),
    kind text not null check (kind in ('paid', 'returned', 'pending')),
    reason text,
    outcome text,
    primary key (file, ordinal)
);
create index on debit_result (file) where outcome is null;
create index on debit_result (item);

-- What processes of the grid count of their work, each in a row of its own that it writes every few seconds: for people to see.
create table process_measure (
    process text primary key,
    at timestamptz not null,
    body jsonb not null
) with (fillfactor = 30);

-- Which build a silo is of, and the newest format version that it reads. It is a member of the cluster when it says so.
create table silo_build (
    address text not null,
    port int not null,
    generation int not null,
    version text not null,
    reads_through int not null,
    at timestamptz not null default now(),
    primary key (address, port, generation)
);

-- How far the effects of all partitions were written at an instant, in the order of partitions: an instant's place in the list of events, and how far back
-- the list can be read.
create table event_mark (
    at timestamptz primary key,
    positions bigint[] not null
);

-- Where events are sent. One process at a time has the lease and sends.
create table webhook (
    id uuid primary key,
    -- API key that may change it: the first one of its rotations. Nothing is sent once none of them is in force.
    owner text not null,
    url text not null,
    description text,
    -- Names of kinds; empty is all.
    kinds text[] not null,
    account text,
    is_ordered boolean not null,
    -- Sealed. The previous one signs as well until its time is up.
    secret text not null,
    previous_secret text,
    previous_until timestamptz,
    state text not null check (state in ('active', 'paused')),
    paused_why text check (paused_why in ('asked', 'failing', 'gone', 'key-ended', 'expired')),
    paused_reason text,
    paused_at timestamptz,
    -- Up to where events of each partition have a delivery.
    cursor bytea not null,
    -- Events from before are passed over, UTC ms; none from the place on at which a replay found the webhook, since they were not sent yet.
    since_ms bigint not null,
    passed_over_to bytea,
    -- Attempts that failed since the last success, since when, when the last one did, and until when nothing is sent because of them.
    failures int not null default 0,
    failing_since timestamptz,
    failed_at timestamptz,
    not_before timestamptz,
    lease_token uuid,
    lease_until timestamptz,
    created_by text not null,
    created_at timestamptz not null,
    -- When address, kinds, order or description were last changed: the tag by which two people do not write over one another.
    changed_at timestamptz not null
);
create index on webhook (owner, created_at);

-- What is to be sent and what was: a row for each webhook and event, of which the body is read when it is sent.
create table webhook_delivery (
    webhook uuid not null references webhook (id) on delete cascade,
    partition int not null,
    position bigint not null,
    sequence int not null,
    account int not null,
    kind text not null,
    state text not null default 'queued' check (state in ('queued', 'delivered', 'given-up')),
    attempts int not null default 0,
    next_attempt_at timestamptz not null,
    -- Of the last attempt: HTTP status, time until the answer, what went wrong without one.
    status int,
    duration_ms int,
    error text,
    attempted_at timestamptz,
    created_at timestamptz not null,
    primary key (webhook, partition, position, sequence)
);
create index webhook_delivery_queued on webhook_delivery (webhook, next_attempt_at) where state = 'queued';
create index webhook_delivery_of_account on webhook_delivery (webhook, account, position, sequence) where state = 'queued';
create index on webhook_delivery (created_at) where state <> 'queued';

-- When a gateway last pushed readings, to some minutes.
create table gateway_seen (
    gateway int primary key references gateway (number),
    at timestamptz not null
);
create index on gateway_seen (at, gateway);
