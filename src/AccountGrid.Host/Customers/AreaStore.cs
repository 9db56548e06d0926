using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>The tree of areas.</summary>
internal sealed class AreaStore(NpgsqlDataSource database, AssignmentStore assignments, TimeProvider time)
{
    /// <summary>Creates or changes an area. An area under another moves with all that lies in it.</summary>
    public async Task<Refusal?> PutAsync(string id, AreaRequest r, string by, EditCondition condition = default)
    {
        if (LocalCalendar.Find(r.Zone) is null)
        {
            return new(RegistryRefusals.AreaZoneInvalid, $"zone: '{r.Zone}' is not a time zone such as Asia/Shanghai.");
        }

        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Responsibilities.LockAsync(connection, transaction);
        if (condition.WhyNot(await connection.ExecuteScalarAsync<DateTime?>(
            "select changed_at from area where id = @id for no key update", new { id }, transaction)) is { } not)
        {
            return not;
        }

        var areas = await Responsibilities.AreasAsync(connection, transaction);
        if (r.Parent is { } parent)
        {
            if (parent == id)
            {
                return new(RegistryRefusals.AreaCircle, $"parent: '{parent}' is the area itself.");
            }

            if (!areas.ContainsKey(parent))
            {
                return new(RegistryRefusals.AreaInvalid, $"parent: there is no area '{parent}'.");
            }

            if (!Responsibility.CanBeUnder(areas, id, parent))
            {
                return new(RegistryRefusals.AreaCircle, $"parent: '{parent}' lies below '{id}'.");
            }
        }

        var now = time.GetUtcNow();
        var changed = await connection.ExecuteAsync(
            """
            insert into area (id, name, zone, parent, changed_by, changed_at) values (@id, @Name, @Zone, @Parent, @by, @now)
            on conflict (id) do update set name = excluded.name, zone = excluded.zone, parent = excluded.parent, changed_by = excluded.changed_by,
              changed_at = greatest(excluded.changed_at, area.changed_at + interval '1 microsecond')
            where (area.name, area.zone) <> (excluded.name, excluded.zone) or area.parent is distinct from excluded.parent
            """,
            new { id, r.Name, r.Zone, r.Parent, by, now = now.ToUniversalTime() }, transaction);
        if (changed > 0)
        {
            await Responsibilities.RefreshAsync(connection, transaction, by, $"Area {id} was changed.", now);
        }

        await transaction.CommitAsync();
        return null;
    }

    public async Task<AreaAnswer?> FindAsync(string id) =>
        await ListAsync("id = @id", new { id }) is [var area] ? area with { Assignments = await assignments.ListAsync("area", id) } : null;

    /// <summary>When an area was last changed; null where there is none.</summary>
    public async Task<DateTimeOffset?> ChangedAtAsync(string id)
    {
        await using var connection = await database.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<DateTime?>("select changed_at from area where id = @id", new { id });
    }

    /// <summary>Areas by id, without their assignments.</summary>
    public Task<List<AreaAnswer>> PageAsync(string after, int take) => ListAsync("id > @after order by id limit @take", new { after, take });

    private async Task<List<AreaAnswer>> ListAsync(string where, object parameters)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(string Id, string Name, string Zone, string? Parent, string[] Path, string? Collector, string? Responsible)>(
            $"select id, name, zone, parent, path, collector, chain[1] from area where {where}", parameters))
            .Select(a => new AreaAnswer(a.Id, a.Name, a.Zone, a.Parent, a.Path, a.Collector, a.Responsible, [])).ToList();
    }
}
