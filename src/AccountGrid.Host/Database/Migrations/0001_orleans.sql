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
