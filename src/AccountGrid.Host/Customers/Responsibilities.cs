using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Customers;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Cases;
using Dapper;
using Npgsql;

namespace AccountGrid.Host.Customers;

/// <summary>
/// Works out who is responsible today, from the tree of areas and all assignments, by <see cref="Responsibility"/>, and writes it where lists, keys and cases
/// look it up. It can be done again at any time and comes to the same.
/// </summary>
internal static class Responsibilities
{
    /// <summary>Changes of areas and assignments stand in one line: each sees what the one before has made.</summary>
    public static Task LockAsync(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        connection.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended('responsibilities', 0))", transaction: transaction);

    public static async Task<Dictionary<string, AreaNode>> AreasAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction) =>
        (await connection.QueryAsync<(string Id, string? Parent, string? Collector)>("select id, parent, collector from area", transaction: transaction))
            .ToDictionary(a => a.Id, a => new AreaNode(a.Id, a.Parent, a.Collector), StringComparer.Ordinal);

    /// <summary>The local day of a zone; of UTC where there is none.</summary>
    public static DateOnly Today(string? zone, DateTimeOffset now) => zone is null
        ? DateOnly.FromDateTime(now.UtcDateTime)
        : DateOnly.FromDayNumber(
            (LocalCalendar.Find(zone) ?? throw new InvariantBrokenException($"An area has the zone '{zone}'.")).DayOf(now.ToUnixTimeMilliseconds()));

    /// <summary>Brings areas, customers, accounts and open cases to what is right today. The caller has the lock.</summary>
    /// <param name="by">Who changed something; empty is the grid itself.</param>
    /// <returns>How many cases have another owner.</returns>
    public static async Task<int> RefreshAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string by, string why, DateTimeOffset now)
    {
        await RefreshAreasAsync(connection, transaction, now);
        var customers = await RefreshManagersAsync(connection, transaction, now);
        await SetContactsAsync(connection, transaction, customers, now);
        return await CaseMover.MoveAsync(connection, transaction, null, by, why, now);
    }

    /// <summary>Brings what accounts know of their customers to what the customers say.</summary>
    public static async Task SetContactsAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string[] customers, DateTimeOffset now)
    {
        if (customers.Length == 0)
        {
            return;
        }

        await connection.ExecuteAsync(
            """
            insert into contact as k (partition, account, language, channels, area, manager, of_customer, changed_at)
            select a.partition, a.number, c.language, c.contact, c.area, c.manager, true, @now from customer c
              join customer_account o on o.customer = c.id join account a on a.number = o.account
            where c.id = any(@customers)
            on conflict (partition, account) do update set area = coalesce(excluded.area, k.area), manager = excluded.manager, changed_at = excluded.changed_at,
              language = case when k.of_customer then excluded.language else k.language end,
              channels = case when k.of_customer then excluded.channels else k.channels end
            """,
            new { customers, now = now.ToUniversalTime() }, transaction);
    }

    private static async Task RefreshAreasAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now)
    {
        var zones = (await connection.QueryAsync<(string Id, string Zone)>("select id, zone from area", transaction: transaction))
            .ToDictionary(a => a.Id, a => a.Zone);
        var begun = (await connection.QueryAsync<(string Subject, DateOnly From, long Id, string? Person)>(
            "select subject, from_day, id, person from assignment where kind = 'area' and from_day <= @day",
            new { day = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1) }, transaction))
            .ToLookup(a => a.Subject, a => new Assignment(a.From.DayNumber, a.Id, a.Person), StringComparer.Ordinal);
        var areas = (await AreasAsync(connection, transaction)).Values
            .Select(a => a with { Collector = Responsibility.PersonOn(begun[a.Id], Today(zones[a.Id], now).DayNumber) })
            .ToDictionary(a => a.Id, StringComparer.Ordinal);
        await connection.ExecuteAsync(
            """
            update area a set collector = u.collector, path = u.path, chain = u.chain
            from (select id, collector, array(select jsonb_array_elements_text(path::jsonb)) as path,
                array(select jsonb_array_elements_text(chain::jsonb)) as chain
              from unnest(@ids, @collectors, @paths, @chains) as r(id, collector, path, chain)) u
            where a.id = u.id and (a.collector is distinct from u.collector or a.path <> u.path or a.chain <> u.chain)
            """,
            new
            {
                ids = areas.Keys.ToArray(),
                collectors = areas.Values.Select(a => a.Collector).ToArray(),
                paths = areas.Keys.Select(a => JsonSerializer.Serialize(Responsibility.PathOf(areas, a))).ToArray(),
                chains = areas.Keys.Select(a => JsonSerializer.Serialize(Responsibility.ChainOf(areas, a))).ToArray(),
            },
            transaction);
    }

    /// <summary>Customers of whom an assignment has begun, with their managers of today.</summary>
    private static async Task<string[]> RefreshManagersAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, DateTimeOffset now)
    {
        var rows = (await connection.QueryAsync<(string Customer, string? Zone, DateOnly From, long Id, string? Person)>(
            """
            select c.id, r.zone, a.from_day, a.id, a.person from customer c join assignment a on a.kind = 'customer' and a.subject = c.id
              left join area r on r.id = c.area
            where c.id in (select subject from assignment where kind = 'customer' and not is_begun and from_day <= @day) and a.from_day <= @day
            """,
            new { day = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1) }, transaction)).ToList();
        var managers = rows.GroupBy(r => r.Customer, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => Responsibility.PersonOn(g.Select(r => new Assignment(r.From.DayNumber, r.Id, r.Person)), Today(g.First().Zone, now).DayNumber),
            StringComparer.Ordinal);
        await connection.ExecuteAsync(
            "update customer c set manager = u.manager from unnest(@ids, @persons) as u(id, manager) where c.id = u.id",
            new { ids = managers.Keys.ToArray(), persons = managers.Values.ToArray() }, transaction);
        await connection.ExecuteAsync(
            "update assignment set is_begun = true where id = any(@ids) and not is_begun",
            new { ids = rows.Where(r => r.From <= Today(r.Zone, now)).Select(r => r.Id).ToArray() }, transaction);
        return [.. managers.Keys];
    }
}
