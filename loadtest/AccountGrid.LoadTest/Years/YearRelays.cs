using AccountGrid.Domain.Commands;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>Relays: gateways fetch what is planned, meters carry it out or do not, and staff have supply restored now and then.</summary>
internal sealed class YearRelays(YearWorld world, YearStaff staff)
{
    private long _relaysSeenAt = -1;
    private bool _hasOpenRelays;

    /// <summary>The gateway fetches planned cuts, and meters answer after up to two hours; one in twenty does not.</summary>
    public async Task RelayAsync(long at)
    {
        var open = new List<(int Account, int Sequence, bool TurnsOn, string State, long ExpiresMs, int[] Meters)>();
        if (_hasOpenRelays || _relaysSeenAt != world.Grid.Records)
        {
            const string Sql = """
                select account, sequence, turns_on, state, expires_ms, meters from relay_command where state in ('planned', 'released')
                order by turns_on desc, account
                """;
            await using var command = world.Grid.Database.CreateCommand(Sql);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                var meters = reader.GetFieldValue<int[]>(5);
                open.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetBoolean(2), reader.GetString(3), reader.GetInt64(4), meters));
            }
        }

        (_hasOpenRelays, _relaysSeenAt) = (open.Count > 0, world.Grid.Records);
        foreach (var c in open)
        {
            var person = world.ByNumber[c.Account];
            if (c.State == "planned" && person.Random.NextDouble() < 0.05)
            {
                await staff.OrderAsync(person, at);
            }
            else if (c.State == "planned")
            {
                await world.Grid.Log.AppendAsync(
                    world.Append(person, new ReleaseCut(c.Account, c.Sequence)) with { Key = new LogKey($"release:{c.Account}:{c.Sequence}", [1]) });
            }
            else if (person.Random.NextDouble() < 0.95 && (c.TurnsOn || at < c.ExpiresMs))
            {
                await TurnAsync(person, c.Sequence, c.TurnsOn, c.Meters, at);
            }
        }

        foreach (var person in world.People.Where(p => !p.HasSupply && p.Random.NextDouble() < 0.002))
        {
            await staff.OrderAsync(person, at);
        }

        if (open.Exists(c => c.State == "planned"))
        {
            await world.Grid.SettleAsync(sweeps: false);
            await ConfirmAsync(at);
        }
    }

    /// <summary>What was just released is carried out within its minutes.</summary>
    private async Task ConfirmAsync(long at)
    {
        await using var command = world.Grid.Database.CreateCommand(
            "select account, sequence, meters from relay_command where state = 'released' and not turns_on and expires_ms > $1 order by account");
        command.Parameters.Add(new() { Value = at });
        var released = new List<(int Account, int Sequence, int[] Meters)>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                released.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetFieldValue<int[]>(2)));
            }
        }

        foreach (var (account, sequence, meters) in released)
        {
            var person = world.ByNumber[account];
            if (person.Random.NextDouble() < 0.9)
            {
                await TurnAsync(person, sequence, isOn: false, meters, at);
            }
        }
    }

    /// <summary>Relays carry a command out and say so; one that has carried out a later command of another account is silent.</summary>
    private async Task TurnAsync(YearPerson person, int sequence, bool isOn, IEnumerable<int> meters, long at)
    {
        foreach (var meter in meters.Select(m => world.Meters[m]).Where(m => m.LastCommand <= sequence))
        {
            (meter.IsOn, meter.LastCommand) = (isOn, sequence);
            await world.Grid.Log.AppendAsync(world.Append(person, new ReportRelay(person.Number, meter.Number, sequence, isOn, at)));
        }
    }
}
