using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>People at the company: they call, visit, agree on plans, take in disputes and settle them, carry notices by hand, and order restores.</summary>
internal sealed class YearStaff(YearWorld world)
{
    private readonly HashSet<string> _casesSeen = [];
    private long _staffSawAt = -1;

    /// <summary>Works on the cases that nobody has seen yet.</summary>
    public async Task StaffAsync(long at)
    {
        if (_staffSawAt == world.Grid.Records)
        {
            return;
        }

        _staffSawAt = world.Grid.Records;
        var cases = new List<(string Id, int Account, string Kind)>();
        await using (var command = world.Grid.Database.CreateCommand("select id, account, kind from work_case where state = 'open' order by created_ms, id"))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                cases.Add((reader.GetString(0), reader.GetInt32(1), reader.GetString(2)));
            }
        }

        foreach (var (id, account, kind) in cases.Where(c => _casesSeen.Add(c.Id)))
        {
            var person = world.ByNumber[account];
            if (kind == "contact")
            {
                await world.Grid.Log.AppendAsync(world.Append(person, new RecordContact(account, "call", "collector", "reached", id)));
                await world.Grid.Log.AppendAsync(world.Append(person, new RecordContact(account, "welfare-visit", "collector", "reached", null)));
                await TalkAsync(person, at);
            }
            else if (kind == "deliver-by-hand" && world.Grid.StateOf(person.Partition).PeekAccount(account)!.Customer!.Overdue.StopNoticeId is { } notice)
            {
                person.Messages.Add(new Received(notice, "stop-notice", at, Proven: true));
                await world.Grid.Log.AppendAsync(world.Append(person, new RecordContact(account, "visit", "collector", "delivered-in-hand", id)));
            }
        }

        await world.Grid.ExecuteAsync("update work_case set state = 'closed', outcome = 'done', closed_by = 'year' where state <> 'closed'");
    }

    /// <summary>Staff have supply restored, or a cut called off; it holds for as long as the pack says.</summary>
    public async Task OrderAsync(YearPerson person, long at)
    {
        var hours = world.Grid.Policies.All.First(p => p.Definition.Id == person.Pack).Definition.Restore.OrderedHoldHours;
        var outcome = await world.Grid.Log.AppendAsync(world.Append(person, new OrderRestore(person.Number, "staff", "by phone")));
        person.Spans.Add(new Span(at, at + (hours * Instants.MsPerHour), $"ordered {outcome.FirstPosition}"));
    }

    private async Task TalkAsync(YearPerson person, long at)
    {
        var draw = person.Random.NextDouble();
        if (draw < 0.15 && !person.Spans.Exists(s => s.Why == "dispute" && s.UntilMs >= at))
        {
            var until = at + ((3 + person.Random.Next(20)) * Instants.MsPerDay);
            person.Spans.Add(new Span(at, until, "dispute"));
            await world.Grid.Log.AppendAsync(world.Append(person, new PlaceHold(person.Number, HoldKind.Dispute, until, "says the meter is wrong")));
        }
        else if (draw < 0.35)
        {
            var unpaid = world.Grid.StateOf(person.Partition).PeekAccount(person.Number)!.Customer!.Overdue.Unpaid.Nano;
            var part = unpaid / 4 / person.UnitNano * person.UnitNano;
            if (part > 0)
            {
                var today = person.Calendar.DayOf(at);
                List<Instalment> parts = [new(today + 7, new(part)), new(today + 14, new(part)), new(today + 21, new(part))];
                await world.Grid.Log.AppendAsync(world.Append(person, new AgreePlan(person.Number, parts, "collector")));
                if (person.Random.Next(2) == 0)
                {
                    person.Payments.Clear();
                    person.Payments.TryAdd(at + (5 * Instants.MsPerDay), part);
                    person.Payments.TryAdd(at + (12 * Instants.MsPerDay), part);
                    person.Payments.TryAdd(at + (19 * Instants.MsPerDay), part);
                }
            }
        }
        else if (draw < 0.5)
        {
            await world.Grid.Log.AppendAsync(world.Append(person, new PromisePayment(person.Number, person.Calendar.DayOf(at) + 5)));
        }
    }
}
