-- Every page is rewritten at every flush where meters report often: vacuum then comes once for every half of the table, which costs space, not time.
-- States are written by pages of neighbouring accounts: a page of 64 costs what three rows of one account did. The arrays beside the packed
-- states are for people: see the view below.
create table account_page (
    partition int not null,
    page int not null,
    accounts int[] not null,
    balances_nano bigint[] not null,
    states bytea not null,
    primary key (partition, page)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.5, toast.autovacuum_vacuum_scale_factor = 0.5);
alter table account_page alter column states set storage external;

-- What was written account by account so far: each state behind its length, as three bytes of seven bits.
insert into account_page (partition, page, accounts, balances_nano, states)
select partition, page, array_agg(account order by account), array_agg(balance_nano order by account),
    string_agg(set_byte(set_byte(set_byte('\x000000'::bytea, 0, (size & 127) | 128), 1, ((size >> 7) & 127) | 128), 2, (size >> 14) & 127) || state, ''::bytea order by account)
from (select s.*, length(state) as size, ((row_number() over (partition by partition order by account) - 1) / 64)::int as page from account_state s) s
group by partition, page;
drop table account_state;

create view account_balance as
select p.partition, a.account, a.balance_nano from account_page p, unnest(p.accounts, p.balances_nano) as a(account, balance_nano);

-- When an account's day closes or its standing charge falls due stands in its state; the partition's sweep looks there.
drop table due;
