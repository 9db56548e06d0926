-- What people wrote about a customer can be taken out of the ledger and the events; nothing else of them can be changed, as before.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and tg_table_name in ('entry', 'account_event') and current_setting('accountgrid.erasing', true) = 'on' then
        return null;
    end if;
    raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- An event without what a person wrote in it. Members and types as the program has them (Erasure.cs), which a test compares.
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

-- Everywhere in the database where such a text stands by itself, and not in the log, which is trimmed.
create function erase_texts(account_number int, account_id text) returns void language plpgsql as $$
begin
    perform set_config('accountgrid.erasing', 'on', true);
    update entry e set reference = '[erased]' where e.account = account_number and e.reference <> '[erased]';
    update account_event e set event = erased(e.event) where e.account = account_number and e.event <> erased(e.event);
    perform set_config('accountgrid.erasing', 'off', true);
    update work_case c set outcome = '[erased]' where c.account = account_number and c.outcome is not null;
    update approval a set body = (a.body::jsonb || coalesce((select jsonb_object_agg(key, to_jsonb('[erased]'::text)) from jsonb_each(a.body::jsonb) where key in ('reason', 'consent') and jsonb_typeof(value) = 'string'), '{}'))::text
        where a.account = account_id;
end $$;
