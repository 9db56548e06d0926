using Npgsql;

namespace AccountGrid.Streams.Postgres;

/// <summary>The log's tables and its append. A program with its own migrations runs <see cref="Sql"/> there; others call <see cref="EnsureAsync"/>.</summary>
public static class PostgresLogSchema
{
    /// <summary>Any fixed number: whoever makes the schema holds this advisory lock.</summary>
    private const long SchemaLock = 4_710_815_005;

    /// <summary>
    /// Idempotent. Heads are rewritten all the time, hence their fill factor; payloads are packed already, hence no compression. Appends wait for their turn at
    /// one lock and not at the heads: a head that another transaction has changed during the wait would be looked up and judged anew, each for itself. It is a
    /// function, because what comes behind the lock must see what was committed during the wait, and because a statement of its own would be held by a process
    /// that stands still before it has sent the rows. Positions are right without the lock, by the heads'; whoever appends in a transaction of its own takes
    /// only those.
    /// </summary>
    public const string Sql = """
        create table if not exists log_head (
            partition int primary key,
            next_position bigint not null default 0
        ) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
        create table if not exists log_reader (
            partition int primary key,
            consumed_position bigint not null default 0,
            trimmed_position bigint not null default 0
        ) with (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
        create table if not exists log_batch (
            partition int not null,
            first_position bigint not null,
            record_count int not null check (record_count > 0),
            created_at timestamptz not null default clock_timestamp(),
            payload bytea not null,
            primary key (partition, first_position)
        );
        alter table log_batch alter column payload set storage external;
        create table if not exists log_key (
            partition int not null,
            key text not null,
            body_hash bytea not null,
            position bigint not null,
            created_at timestamptz not null default clock_timestamp(),
            primary key (partition, key)
        );

        create or replace function log_append(partitions int[], counts int[], payloads bytea[])
        returns table (partition int, first_position bigint) language plpgsql as $$
        #variable_conflict use_column
        begin
            perform pg_advisory_xact_lock(4710815004);
            return query
                with a as (select * from unnest(partitions, counts, payloads) as t(partition, record_count, payload)),
                locked as materialized (
                    select h.partition, h.next_position from log_head h
                    where h.partition = any(partitions) order by h.partition for update),
                moved as (
                    update log_head h set next_position = locked.next_position + a.record_count
                    from locked join a using (partition) where h.partition = locked.partition
                    returning h.partition, h.next_position - a.record_count as first_position)
                insert into log_batch (partition, first_position, record_count, payload)
                select m.partition, m.first_position, a.record_count, a.payload from moved m join a using (partition)
                returning partition, first_position;
        end $$;
        """;

    /// <summary>
    /// Makes the tables and a head for each partition. Throws <see cref="InvalidOperationException"/> if the log was made with another number.
    /// </summary>
    public static async Task EnsureAsync(NpgsqlDataSource database, int partitions, CancellationToken cancel = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using (var create = new NpgsqlCommand($"select pg_advisory_xact_lock({SchemaLock}); {Sql}", connection))
        {
            await create.ExecuteNonQueryAsync(cancel);
        }

        await EnsureHeadsAsync(connection, partitions, cancel);
    }

    /// <summary>Makes a head for each partition, on tables that exist.</summary>
    public static async Task EnsureHeadsAsync(NpgsqlConnection connection, int partitions, CancellationToken cancel = default)
    {
        const string Heads = """
            insert into log_head (partition) select generate_series(0, $1 - 1)
            where not exists (select from log_head) on conflict do nothing;
            """;
        await using (var heads = new NpgsqlCommand(Heads, connection) { Parameters = { new() { Value = partitions } } })
        {
            await heads.ExecuteNonQueryAsync(cancel);
        }

        await using (var readers = new NpgsqlCommand("insert into log_reader (partition) select partition from log_head on conflict do nothing", connection))
        {
            await readers.ExecuteNonQueryAsync(cancel);
        }

        await using var count = new NpgsqlCommand("select count(*)::int from log_head", connection);
        var found = (int)(await count.ExecuteScalarAsync(cancel))!;
        if (found != partitions)
        {
            throw new InvalidOperationException($"The log was made with {found} partitions; {partitions} are configured. The number is fixed.");
        }
    }
}
