-- What an administrator tries at the relay of a meter that is on no account: the last try of each.
create table relay_test (
    meter int primary key references meter (number),
    turns_on boolean not null,
    asked_by text not null,
    asked_ms bigint not null,
    confirmed_ms bigint
);
