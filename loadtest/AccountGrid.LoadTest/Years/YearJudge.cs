using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.State;
using AccountGrid.Host.Partitions;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// Judges a year from what the database and the people remember, by rules written a second time and as plainly as they are said: no code of the ladder,
/// the interlock, the levels or the fees is used, only the pack's figures.
/// </summary>
internal sealed partial class YearJudge(YearGrid grid, YearRun run)
{
    /// <summary>By then every account in a workflow has been looked at on its day, minutes of the local day.</summary>
    private const int MorningEndsMinute = 10 * 60;

    private readonly SortedDictionary<string, int> _seen = new(StringComparer.Ordinal);

    public List<string> Violations { get; } = [];

    /// <param name="shown">Number of an account whose history is shown; null is none.</param>
    public async Task JudgeAsync(int? shown)
    {
        Violations.AddRange((await grid.AuditAsync()).Select(d => $"audit: {d}"));
        Violations.AddRange(run.Wrong);
        foreach (var record in await LoadAsync())
        {
            var facts = new NaiveAccount(record);
            if (record.Person.Number == shown)
            {
                Show(record);
            }

            Books(record);
            LowBalance(record, facts);
            Stages(record, facts);
            Fees(record, facts);
            Messages(record);
            Truth(record, facts);
            Obeyed(record, facts);
            Spared(record, facts);
            Debt(record, facts);
            Lit(record, facts);
            Rows(record);
            foreach (var cut in record.Events.Where(e => e.Event is CutDecided { Step: CutStep.Released }))
            {
                Count("cuts");
                foreach (var reason in NaiveInterlock.Reasons(record, facts, cut, (CutDecided)cut.Event))
                {
                    Violate(record, $"cut at {Instants.ToText(cut.AtMs)} although {reason}");
                }
            }

            Restores(record);
            Energy(record);
            Standing(record);
            Switches(record, facts);
            Count("orders", record.Events.Count(e => e.Event is RestoreOrdered));
        }

        Count("moves of meters", run.Moves);
        Count("moves known late", run.LateMoves);
        Count("exchanges of meters", run.Exchanges);
        Count("foreign payments refused", run.ForeignRefused);
        Vacuous();
    }

    public void Report()
    {
        foreach (var violation in Violations.Take(50))
        {
            Console.WriteLine($"  {violation}");
        }

        Console.WriteLine(string.Join(", ", _seen.Select(s => $"{s.Key} {s.Value:N0}")));
        Console.WriteLine($"outages {run.Outages:N0}, partitions killed {grid.Kills:N0}, stale twins refused {grid.TwinsRefused:N0}");
        Console.WriteLine($"violations: {Violations.Count}");
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

    private void Violate(AccountRecord record, string what) =>
        Violations.Add($"account {record.Person.Number} ({record.Pack.Id}, {record.Person.Mode}, {record.Person.Manner}): {what}");

    private void Count(string what, int by = 1) => _seen[what] = _seen.GetValueOrDefault(what) + by;

    /// <summary>The balance is what the person paid, less what was used, less what the ledger says beside it.</summary>
    private void Books(AccountRecord r)
    {
        var beside = r.Entries.Where(NaiveAccount.IsBeside).Sum(e => e.Nano);
        var expected = r.Person.Happenings.Sum(h => h.Nano) + beside;
        if (expected != r.BalanceNano)
        {
            Violate(r, $"the balance is {new Money(r.BalanceNano)} and should be {new Money(expected)}");
        }

        foreach (var (kind, of) in new[] { ("payment", HappeningKind.Payment), ("reversal", HappeningKind.Bounce), ("adjustment", HappeningKind.Adjustment) })
        {
            if (r.Entries.Where(e => e.Kind == kind).Sum(e => e.Nano) != r.Person.Happenings.Where(h => h.Kind == of).Sum(h => h.Nano))
            {
                Violate(r, $"the ledger's entries of kind {kind} are not those that were made");
            }
        }

        Count("bounced payments", r.Person.Happenings.Count(h => h.Kind == HappeningKind.Bounce));
        Count("credits by staff", r.Person.Happenings.Count(h => h is { Kind: HappeningKind.Adjustment, Of: 0, Nano: > 0 }));
        Count("debits by staff", r.Person.Happenings.Count(h => h is { Kind: HappeningKind.Adjustment, Of: 0, Nano: < 0 }));
        Count("adjustments taken back", r.Person.Happenings.Count(h => h is { Kind: HappeningKind.Adjustment, Of: not 0 }));
        Count("payments", r.Entries.Count(e => e.Kind == "payment"));
        Count("bills", r.Events.Count(e => e.Event is BillClosed));
    }

    /// <summary>One notice at each crossing of a level by amount, and none elsewhere.</summary>
    private void LowBalance(AccountRecord r, NaiveAccount facts)
    {
        var given = r.Notices.Where(n => n.Kind is "low-balance" or "balance-exhausted" or "credit-used").GroupBy(n => n.Position)
            .ToDictionary(g => g.Key, g => g.ToList());
        foreach (var (position, notices) in given)
        {
            if (notices.Count > 1)
            {
                Violate(r, $"{notices.Count} low-balance notices at position {position}");
            }
        }

        var crossings = facts.Crossings();
        Count("crossings", crossings.Count);
        foreach (var position in crossings.Where(p => !given.ContainsKey(p)))
        {
            Violate(r, $"a crossing at position {position} without a notice");
        }

        foreach (var notice in given.Values.SelectMany(n => n)
            .Where(n => !n.IsLate && n.Body.TryGetProperty("levelAmount", out _) && !crossings.Contains(n.Position)))
        {
            Violate(r, $"a notice {notice.Id} at position {notice.Position} without a crossing");
        }

        Count("low-balance notices", given.Count);
        Count("notices by days", given.Values.SelectMany(n => n).Count(n => n.Body.TryGetProperty("levelDays", out _)));
    }

    private void Stages(AccountRecord r, NaiveAccount facts)
    {
        var (stage, since) = (Stage.None, int.MinValue);
        foreach (var e in r.Events.Where(e => e.Event is StageEntered))
        {
            var entered = (StageEntered)e.Event;
            var day = r.Person.Calendar.DayOf(e.AtMs);
            Count($"stage {entered.To}");
            if (entered.To > stage && entered.To != Stage.Cut && entered.To != Stage.ReNotice)
            {
                var isNext = entered.To == stage + 1 || (stage == Stage.None && entered.To == Stage.Due)
                    || (stage == Stage.ReNotice && entered.To == Stage.StopNotice) || (stage == Stage.StopNotice && entered.To == Stage.Closed);
                var least = Threshold(entered.To, r.Pack.Ladder);
                if (!isNext)
                {
                    Violate(r, $"stage {stage} to {entered.To} on {Instants.DayToText(day)}: a stage was skipped");
                }

                // What happened in the record itself, as a payment that bounced, counts.
                if (facts.OverdueDays(e.Position + 1, day) is not { } overdue || overdue < least)
                {
                    Violate(r, $"stage {entered.To} on {Instants.DayToText(day)} at {facts.OverdueDays(e.Position + 1, day)} days overdue; {least} are needed");
                }

                if (!facts.IsBusinessDay(day))
                {
                    Violate(r, $"stage {entered.To} on {Instants.DayToText(day)}, which is no business day");
                }

                if (entered.To > Stage.Due && day < since + r.Pack.Ladder.DwellDays)
                {
                    Violate(r, $"stage {entered.To} on {Instants.DayToText(day)}, {day - since} days after {stage}");
                }

                if (facts.IsSpared(e.Position + 1, day))
                {
                    Violate(r, $"stage {entered.To} on {Instants.DayToText(day)} while a plan was kept or a promise open");
                }

                if (r.Person.Spans.Exists(s => s.Why == "dispute" && e.AtMs > s.FromMs && e.AtMs < s.UntilMs))
                {
                    Violate(r, $"stage {entered.To} on {Instants.DayToText(day)} during a dispute");
                }
            }

            (stage, since) = (entered.To, day);
        }
    }

    private static int Threshold(Stage stage, LadderPolicy p) => stage switch
    {
        Stage.Reminder => -p.ReminderBeforeDueDays,
        Stage.Due => 0,
        Stage.Courtesy => p.CourtesyAfterDays,
        Stage.Contact => p.ContactAfterDays,
        Stage.PlanOffer => p.PlanOfferAfterDays,
        Stage.Demand => p.DemandAfterDays,
        Stage.StopNotice => p.StopNoticeAfterDays,
        Stage.Closed => p.ClosedAfterDays,
        _ => p.WrittenOffAfterDays,
    };

    private void Fees(AccountRecord r, NaiveAccount facts)
    {
        var booked = -r.Entries.Where(e => e.Kind == "late-fee").Sum(e => e.Nano);
        var yesterday = r.Person.Calendar.DayOf(run.EndMs) - 1;
        var (expected, wrong) = facts.LateFees(yesterday);
        if (booked != expected && r.Person.Calendar.MinuteOf(run.EndMs) < MorningEndsMinute)
        {
            // The morning's look at an account without a meter may be still to come.
            expected = facts.LateFees(yesterday - 1).Nano;
        }

        foreach (var what in wrong)
        {
            Violate(r, what);
        }

        Count("plans agreed", r.Events.Count(e => e.Event is PlanAgreed));
        Count("plans fulfilled", r.Events.Count(e => e.Event is PlanFulfilled));
        Count("plans broken", r.Events.Count(e => e.Event is PlanBroken));
        Count("plans cancelled", r.Events.Count(e => e.Event is PlanCancelled));
        Count("fees waived", r.Events.Count(e => e.Event is FeesWaived));

        Count("accounts with late fees", booked > 0 ? 1 : 0);
        if (booked != expected)
        {
            Violate(r, $"late fees of {new Money(booked)} should be {new Money(expected)}");
        }
    }

    private void Messages(AccountRecord r)
    {
        var quiet = NaiveAccount.Minutes(r.Pack.QuietHours);
        Count("messages", r.Person.Messages.Count);
        foreach (var group in r.Person.Messages.GroupBy(m => m.Id).Where(g => g.Count(m => m.Kind != "stop-notice") > 1))
        {
            Violate(r, $"message {group.Key} came {group.Count()} times");
        }

        foreach (var message in r.Person.Messages.Where(m => m.Kind is not ("last-notice" or "supply-cut" or "supply-restored" or "stop-notice")))
        {
            if (NaiveAccount.Within(quiet, r.Person.Calendar.MinuteOf(message.AtMs)))
            {
                Violate(r, $"message {message.Id} at {Instants.ToText(message.AtMs)}, in quiet hours");
            }
        }

        foreach (var message in r.Notices.Where(n => n.State == "withdrawn" && r.Person.Messages.Exists(m => m.Id == n.Id)))
        {
            Violate(r, $"message {message.Id} came though it was withdrawn");
        }

        Count("messages withdrawn", r.Notices.Count(n => n.State == "withdrawn"));
        Count("messages worded anew", r.Notices.Count(n => n.IsLate && n.State != "withdrawn"));
        string[] letters = ["payment-reminder", "payment-due", "courtesy-reminder", "plan-offer", "demand", "stop-notice"];
        var came = r.Person.Messages.DistinctBy(m => m.Id).ToDictionary(m => m.Id, m => r.Person.Calendar.DayOf(m.AtMs));
        var days = r.Notices.Where(n => letters.Contains(n.Kind)).GroupBy(n => (r.Person.Calendar.DayOf(n.CreatedMs), Came: came.GetValueOrDefault(n.Id)));
        foreach (var day in days.Where(d => d.Count() > 1 && d.Key.Came != 0))
        {
            Violate(r, $"{day.Count()} letters of one day came on {Instants.DayToText(day.Key.Came)}");
        }

        foreach (var notice in r.Notices.Where(n => n.State is "parked" or "failed" || (n.State == "queued" && n.CreatedMs < run.EndMs - Instants.MsPerDay)))
        {
            Violate(r, $"message {notice.Id} is {notice.State}");
        }
    }

    /// <summary>No message is false when it is read: the balance that it names is the account's at that hour. (DOMAIN, low balance.)</summary>
    private void Truth(AccountRecord r, NaiveAccount facts)
    {
        foreach (var message in r.Person.Messages.Where(m => m.BalanceNano is not null))
        {
            if (!facts.WasBalance(message.BalanceNano!.Value, message.AtMs - 60_000, message.AtMs))
            {
                Violate(r, $"message {message.Id} of {Instants.ToText(message.AtMs)} names {new Money(message.BalanceNano!.Value)}, which the balance is not");
            }

            if (message.AmountNano is { } asked && message.Kind is not ("low-balance" or "balance-exhausted" or "credit-used" or "supply-restored"))
            {
                Count("amounts asked for");
                if (!facts.WasAsked(message.Kind, asked, message.AtMs - 60_000, message.AtMs))
                {
                    Violate(r, $"message {message.Id} of {Instants.ToText(message.AtMs)} asks for {new Money(asked)}, which is not what is owed");
                }
            }
        }
    }

    /// <summary>A due row while something is under way, and none else.</summary>
    private void Rows(AccountRecord r)
    {
        var customer = grid.StateOf(r.Person.Partition).PeekAccount(r.Person.Number)!.Customer!;
        var isBusy =
            customer.Overdue.Stage != Stage.None || customer.Overdue.Plan.Count > 0 || customer.Supply.Relay != Relay.On || customer.NegativeSinceMs != 0;
        if (isBusy != r.HasDueRow)
        {
            Violate(r,
                r.HasDueRow
                    ? "a due row is left of a workflow that it is not in"
                    : $"no due row at stage {customer.Overdue.Stage}, relay {customer.Supply.Relay}");
        }

        // A meter that came lately may still be on its way from dark to light; nobody switches a meter off that was not there at the cut.
        var cutMs = r.Events.FindLast(e => e.Event is RelayChanged { To: Relay.Cut })?.AtMs ?? long.MaxValue;
        foreach (var meter in r.Person.Meters.Where(m => customer.Supply.Relay == Relay.On ? !m.IsOn : customer.Supply.Relay == Relay.Cut && m.IsOn))
        {
            var fromMs = r.Person.Tenures.FindLast(t => t.Meter == meter.Number).FromMs;
            if (customer.Supply.Relay == Relay.Cut ? fromMs <= cutMs : fromMs < run.EndMs - Instants.MsPerDay)
            {
                Violate(r, $"the relay of meter {meter.Number} is {(meter.IsOn ? "on" : "off")} and the grid says {customer.Supply.Relay}");
            }
        }
    }

    /// <summary>Nobody who has paid is dark; a restore that was late was compensated, once, and no other.</summary>
    private void Restores(AccountRecord r)
    {
        long? since = null;
        var late = 0;
        foreach (var e in r.Events)
        {
            if (e.Event is RelayChanged { To: Relay.Restoring })
            {
                since = e.AtMs;
            }
            else if (e.Event is RelayChanged { To: Relay.On, From: Relay.Restoring } && since is { } from)
            {
                Count("restores");
                late += e.AtMs - from > r.Pack.Restore.WithinMinutes * 60_000L ? 1 : 0;
                since = null;
            }
        }

        late += since is { } open && run.EndMs - open > (r.Pack.Restore.WithinMinutes * 60_000L) + (2 * Instants.MsPerHour) ? 1 : 0;
        var given = r.Events.Count(e => e.Event is CompensationGiven);
        Count("compensations", given);
        if (r.Pack.Restore.Compensation != "0" && Math.Abs(given - late) > (since is null ? 0 : 1))
        {
            Violate(r, $"{late} late restores and {given} compensations");
        }

        var customer = grid.StateOf(r.Person.Partition).PeekAccount(r.Person.Number)!;
        if (customer.Customer!.Supply.Relay == Relay.Cut && r.Person.Mode == PaymentMode.Prepaid && r.BalanceNano >= 0)
        {
            Violate(r, "dark although paid");
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
        Violations.AddRange(needed.Where(n => _seen.GetValueOrDefault(n) == 0).Select(n => $"nothing was seen of: {n}"));
        if (grid.TwinsRefused == 0 || run.Outages == 0)
        {
            Violations.Add("no stale twin was refused, or no outage came");
        }
    }

    private async Task<List<AccountRecord>> LoadAsync()
    {
        var events = await GroupAsync(
            "select account, position, at_ms, event::text from account_event order by account, position, sequence",
            r => new StoredEvent(r.GetInt64(1), r.GetInt64(2), StoredEvents.Read(r.GetString(3))));
        var entries = await GroupAsync("select account, position, kind, amount_nano, at_ms, day is not null from entry order by account, position, sequence",
            r => new StoredEntry(r.GetInt64(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetBoolean(5)));
        var notices =
            await GroupAsync("select account, id, kind, position, created_ms, state, body::text, confirmed_ms > 0 from outbox order by account, position", r =>
        {
            using var body = JsonDocument.Parse(r.GetString(6));
            return new StoredNotice(r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetString(5), body.RootElement.Clone(), r.GetBoolean(7));
        });
        var balances = await GroupAsync("select account, balance_nano from account_balance", r => r.GetInt64(1));
        var due = await GroupAsync("select account, account from due", r => r.GetInt32(1));
        var packs = grid.Policies.All.ToDictionary(p => p.Definition.Id, p => p.Definition);
        foreach (var person in run.People)
        {
            foreach (var arrival in person.Arrivals)
            {
                var installed = events[person.Number].Find(e => e.Event is MeterInstalled m && m.Meter == arrival.Meter && m.FromMs == arrival.AtMs);
                if (installed is null)
                {
                    Violations.Add($"account {person.Number}: meter {arrival.Meter} never arrived");
                    continue;
                }

                person.Receive(arrival, installed.Position);
            }

            person.Happenings.Sort((a, b) => a.Position.CompareTo(b.Position));
        }

        return [.. run.People.Select(p => new AccountRecord(
            p, packs[p.Pack], events.GetValueOrDefault(p.Number) ?? [], entries.GetValueOrDefault(p.Number) ?? [], notices.GetValueOrDefault(p.Number) ?? [],
            balances[p.Number][0], due.ContainsKey(p.Number)))];
    }

    private async Task<Dictionary<int, List<T>>> GroupAsync<T>(string sql, Func<Npgsql.NpgsqlDataReader, T> read)
    {
        var groups = new Dictionary<int, List<T>>();
        await using var command = grid.Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            (groups.TryGetValue(reader.GetInt32(0), out var list) ? list : groups[reader.GetInt32(0)] = []).Add(read(reader));
        }

        return groups;
    }
}
