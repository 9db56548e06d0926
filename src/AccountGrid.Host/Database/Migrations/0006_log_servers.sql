-- Which server keeps which partition's log; 0 is this one. Filled when the grid is made.
create table log_server (
    partition int primary key,
    server int not null check (server >= 0)
);

-- Records that one partition's fold sends to a log on another server: written with what caused them, appended there and then deleted.
create table log_transfer (
    id bigint generated always as identity primary key,
    from_partition int not null,
    position bigint not null,
    sequence int not null,
    to_partition int not null,
    record_count int not null,
    payload bytea not null
);
