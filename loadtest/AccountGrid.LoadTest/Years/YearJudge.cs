using AccountGrid.Domain;
using AccountGrid.Domain.Events;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// Judges a year from what the database and the people remember, by rules written a second time and as plainly as they are said: no code of the ladder,
/// the interlock, the levels or the fees is used, only the pack's figures.
/// </summary>
internal sealed class YearJudge(YearGrid grid, YearRun run)
{
    private readonly YearVerdict _verdict = new(grid, run);

    public List<string> Violations => _verdict.Violations;

    /// <param name="shown">Number of an account whose history is shown; null is none.</param>
    public async Task JudgeAsync(int? shown)
    {
        Violations.AddRange((await grid.AuditAsync()).Select(d => $"audit: {d}"));
        Violations.AddRange(run.Wrong);
        foreach (var record in await new YearRecords(grid, run.People, _verdict).LoadAsync())
        {
            if (record.Person.Number == shown)
            {
                Show(record);
            }

            Judge(record, new NaiveAccount(record));
        }

        _verdict.Count("moves of meters", run.Changes.Moves);
        _verdict.Count("moves known late", run.Changes.LateMoves);
        _verdict.Count("exchanges of meters", run.Changes.Exchanges);
        _verdict.Count("foreign payments refused", run.ForeignRefused);
        Vacuous();
    }

    public void Report()
    {
        foreach (var violation in Violations.Take(50))
        {
            Console.WriteLine($"  {violation}");
        }

        Console.WriteLine(string.Join(", ", _verdict.Seen.Select(s => $"{s.Key} {s.Value:N0}")));
        Console.WriteLine($"outages {run.Outages:N0}, partitions killed {grid.Kills:N0}, stale twins refused {grid.TwinsRefused:N0}");
        Console.WriteLine($"violations: {Violations.Count}");
    }

    private void Judge(AccountRecord record, NaiveAccount facts)
    {
        var (books, messages, supply) = (new BooksRules(_verdict), new MessageRules(_verdict), new SupplyRules(_verdict));
        var (promises, changes) = (new PromiseRules(_verdict), new ChangeRules(_verdict));
        books.Books(record);
        messages.LowBalance(record, facts);
        new LadderRules(_verdict).Stages(record, facts);
        books.Fees(record, facts);
        messages.Messages(record);
        messages.Truth(record, facts);
        promises.Obeyed(record, facts);
        promises.Spared(record, facts);
        promises.Debt(record, facts);
        promises.Lit(record, facts);
        supply.Rows(record);
        supply.Cuts(record, facts);
        supply.Restores(record);
        changes.Energy(record);
        books.Standing(record);
        changes.Switches(record, facts);
        _verdict.Count("orders", record.Events.Count(e => e.Event is RestoreOrdered));
    }

    /// <summary>All that happened to an account except its readings, in the order of its log.</summary>
    private static void Show(AccountRecord r)
    {
        var lines = r.Events.Select(e => (e.Position, e.AtMs, Text: e.Event.ToString()))
            .Concat(r.Entries.Where(e => e.Kind is not "charge").Select(e => (e.Position, e.AtMs, Text: $"entry {e.Kind} {new Money(e.Nano)}")))
            .Concat(r.Person.Happenings.Where(h => h.Kind != HappeningKind.Reading)
                .Select(h => (h.Position, h.AtMs, Text: $"{h.Kind} {new Money(h.Nano)} of {h.Of}")))
            .Concat(r.Person.Messages.Select(m => (Position: long.MaxValue, m.AtMs, Text: $"came {m.Id} {m.Kind} balance {m.BalanceNano} asks {m.AmountNano}")))
            .Concat(r.Person.Spans.Select(s => (Position: long.MaxValue, AtMs: s.FromMs, Text: $"{s.Why} until {Instants.ToText(s.UntilMs)}")));
        foreach (var (position, atMs, text) in lines.OrderBy(l => l.AtMs).ThenBy(l => l.Position))
        {
            Console.WriteLine($"  {(position == long.MaxValue ? "" : position),8} {Instants.ToText(atMs)} {text}");
        }
    }

    /// <summary>A year in which nothing happened proves nothing.</summary>
    private void Vacuous()
    {
        if (run.People.Count < 300 || run.EndMs - YearRun.Start.ToUnixTimeMilliseconds() < 200 * Instants.MsPerDay)
        {
            return;
        }

        string[] needed =
        [
            "moves of meters", "moves known late", "exchanges of meters", "foreign payments refused",
            "changes to prepaid", "changes to prepaid with a debt", "changes to prepaid refused",
            "changes of tariff", "changes of tariff without a meter", "standing charges",
            "bounced payments", "credits by staff", "debits by staff", "adjustments taken back", "plans fulfilled", "plans broken", "plans cancelled",
            "fees waived",
            "shares recovered", "did as told", "paid in the dark",
            "messages withdrawn", "messages worded anew", "orders", "cuts", "restores", "crossings", "notices by days", "accounts with late fees",
            "stage StopNotice", "stage Cut", "bills",
        ];
        _verdict.Violations.AddRange(needed.Where(n => _verdict.Seen.GetValueOrDefault(n) == 0).Select(n => $"nothing was seen of: {n}"));
        if (grid.TwinsRefused == 0 || run.Outages == 0)
        {
            _verdict.Violations.Add("no stale twin was refused, or no outage came");
        }
    }
}
