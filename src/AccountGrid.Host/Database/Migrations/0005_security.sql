-- Every change of a key counts here; processes ask before they trust what they remember.
create table key_change (number bigint not null);
insert into key_change values (0);

-- Who was about to do what, before it was done, chained by hash per account (the empty account is the grid itself). The head is what the next row continues.
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
create table audit_head (
    account text primary key,
    sequence bigint not null,
    hash bytea not null
);

-- What was answered, as far as it is known; under a code that only the grid's processes can make.
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

-- As the ledger: it grows and never changes, whatever a program tries.
create trigger audit_trail_is_append_only before update or delete or truncate on audit_trail for each statement execute function refuse_change();
create trigger audit_outcome_is_append_only before update or delete or truncate on audit_outcome for each statement execute function refuse_change();

-- Tells a process with another key from the grid's own before it writes what nobody could read.
create table personal_data_key (
    id bytea primary key,
    proof bytea not null,
    added_at timestamptz not null default now()
);

-- What all processes of the grid share and the database alone does not tell: sealed with the personal-data key.
create table grid_secret (
    one bool primary key default true check (one),
    sealed text not null
);

-- An operator's word on a record that could not be folded.
alter table poison add column resolved_at timestamptz, add column resolved_by text, add column resolution text;
