using Dapper;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>Assignments, which are only ever added. What is assigned already changes nothing.</summary>
internal sealed class AssignmentStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Makes an assignment, and brings everything to what is right today.</summary>
    public async Task<Refusal?> MakeAsync(NewAssignment assignment, string by)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await Responsibilities.LockAsync(connection, transaction);
        var now = time.GetUtcNow();
        var (_, today) = (await SubjectsAsync(connection, transaction, [assignment], now)).Single();
        if (today is not { } day)
        {
            return assignment.Kind == "area"
                ? new(RegistryRefusals.AreaUnknown, $"id: there is no area '{assignment.Subject}'.")
                : new(RegistryRefusals.CustomerUnknown, $"id: there is no customer '{assignment.Subject}'.");
        }

        if ((await NewOnesAsync(connection, transaction, [assignment])).Count == 0)
        {
            return null;
        }

        if (assignment.From < day)
        {
            return Past("from", assignment.From, day);
        }

        await AddAsync(connection, transaction, [assignment], by, now);
        await transaction.CommitAsync();
        return null;
    }

    public static Refusal Past(string field, DateOnly from, DateOnly today) =>
        new(RegistryRefusals.AssignmentPast, $"{field}: {from:yyyy-MM-dd} is before today, {today:yyyy-MM-dd}; what was, stays.");

    /// <summary>The local day of each assignment's subject; null where there is no such area or customer.</summary>
    public static async Task<Dictionary<(string Kind, string Subject), DateOnly?>> SubjectsAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<NewAssignment> assignments, DateTimeOffset now)
    {
        var zones = (await connection.QueryAsync<(string Kind, string Id, string? Zone)>(
            """
            select 'area', id, zone from area where id = any(@areas)
            union all select 'customer', c.id, r.zone from customer c left join area r on r.id = c.area where c.id = any(@customers)
            """,
            new { areas = Ids("area"), customers = Ids("customer") }, transaction)).ToDictionary(z => (z.Kind, z.Id), z => z.Zone);
        return assignments.Select(a => (a.Kind, a.Subject)).Distinct()
            .ToDictionary(s => s, s => zones.TryGetValue(s, out var zone) ? Responsibilities.Today(zone, now) : (DateOnly?)null);

        string[] Ids(string kind) => [.. assignments.Where(a => a.Kind == kind).Select(a => a.Subject)];
    }

    /// <summary>Those that are not what the latest assignment of their day says already.</summary>
    public static async Task<List<NewAssignment>> NewOnesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<NewAssignment> assignments)
    {
        var same = (await connection.QueryAsync<(string Kind, string Subject, DateOnly From)>(
            """
            select u.kind, u.subject, u.from_day from unnest(@kinds, @subjects, @days, @persons) as u(kind, subject, from_day, person)
              cross join lateral (select a.person from assignment a where a.kind = u.kind and a.subject = u.subject and a.from_day = u.from_day
                order by a.id desc limit 1) latest
            where latest.person is not distinct from u.person
            """,
            Columns(assignments), transaction)).ToHashSet();
        return [.. assignments.Where(a => !same.Contains((a.Kind, a.Subject, a.From)))];
    }

    /// <summary>Adds assignments, and brings everything to what is right today.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyCollection<NewAssignment> assignments, string by, DateTimeOffset now)
    {
        var columns = Columns(assignments);
        columns.AddDynamicParams(new { by, now = now.ToUniversalTime() });
        await connection.ExecuteAsync(
            """
            insert into assignment (kind, subject, from_day, person, made_by, made_at)
            select u.*, @by, @now from unnest(@kinds, @subjects, @days, @persons) as u(kind, subject, from_day, person)
            """,
            columns, transaction);
        await Responsibilities.RefreshAsync(connection, transaction, by, "Another person is responsible by assignment.", now);
    }

    /// <summary>Assignments of an area or a customer, the latest first.</summary>
    public async Task<IReadOnlyList<AssignmentAnswer>> ListAsync(string kind, string subject)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<(string? Person, DateOnly From, string By, DateTimeOffset At)>(
            "select person, from_day, made_by, made_at from assignment where kind = @kind and subject = @subject order by from_day desc, id desc limit 200",
            new { kind, subject })).Select(a => new AssignmentAnswer(a.Person, a.From, a.By, a.At)).ToList();
    }

    private static DynamicParameters Columns(IReadOnlyCollection<NewAssignment> a) => new(new
    {
        kinds = a.Select(x => x.Kind).ToArray(),
        subjects = a.Select(x => x.Subject).ToArray(),
        days = a.Select(x => x.From).ToArray(),
        persons = a.Select(x => x.Person).ToArray(),
    });
}
