using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;
using static AccountGrid.Domain.Tests.Metering.OrderOfArrivalTests;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>
/// A meter goes to another account, is exchanged there, and its successor goes on to a third account. Whenever these facts become known, before, among or after
/// the readings of their time, whatever order the readings come in and to whichever home: each account's balance, sum of entries, day rows, exceptions and
/// levels told are the same.
/// </summary>
public sealed class MovedMeterOrderTests
{
    private const int OldMeter = 7;
    private const int NewMeter = 9;
    private const long NewStartWh = 123_456;

    /// <summary>Home of each account: the second one is in another partition.</summary>
    private static readonly int[] HomeOf = [-1, 0, 1, 0];

    /// <summary>What an order of arrival decides beside the order itself: where readings are pushed to, when days close, and when silos die.</summary>
    private sealed record Arrival(int Seed, bool IsShuffled, bool IsReversed);

    private sealed record Fact(long AtMs, long Wh);

    /// <param name="HasFalse">Some readings are not what the register showed.</param>
    private sealed record Story(Reading[] Readings, Fact Move, Fact Exchange, Fact MoveOn, bool IsFalling, bool HasFalse);

    private static readonly Gen<(Kind Kind, int Size)[]> Histories = Gen.Select(
        Gen.Frequency(
            (30, Gen.Const(Kind.Usual)), (8, Gen.Const(Kind.Gap)), (4, Gen.Const(Kind.Same)), (4, Gen.Const(Kind.Estimate)),
            (2, Gen.Const(Kind.Zero)), (2, Gen.Const(Kind.Low)), (2, Gen.Const(Kind.HighEstimate))),
        Gen.Int[0, 999]).Array[12, 90];

    [Fact]
    public void Moves_and_exchanges_give_the_same_books_whenever_they_become_known() =>
        Gen.Select(Histories, Settings, Gen.Int[0, int.MaxValue - 1]).Sample((history, setting, seed) =>
        {
            var story = StoryOf(history, setting);
            var expected = Books(setting, story, new Arrival(0, false, false));
            Assert.NotNull(expected);
            Assert.Equal(expected, Books(setting, story, new Arrival(seed, true, false)) ?? expected);
            Assert.Equal(expected, Books(setting, story, new Arrival(seed, false, true)) ?? expected);
        }, iter: PropertyRuns.Of(200));

    /// <summary>Energy is the same for every order because it is the register's: what each account pays for is what was counted in its time.</summary>
    [Fact]
    public void Each_account_is_charged_what_was_counted_in_its_time() =>
        Gen.Select(Gen.Select(Gen.Const(Kind.Usual), Gen.Int[0, 999]).Array[12, 60], Settings, Gen.Int[0, int.MaxValue - 1]).Sample((history, setting, seed) =>
        {
            var story = StoryOf(history, setting);
            var grid = Grid(setting, story, new Arrival(seed, true, false))!;
            Assert.Equal(story.Move.Wh - 1_000_000, Charged(grid, 1));
            Assert.Equal(story.Exchange.Wh - story.Move.Wh + story.MoveOn.Wh - NewStartWh, Charged(grid, 2));
            var last = story.Readings.Where(r => r.Meter == NewMeter).Select(r => r.ValueWh).DefaultIfEmpty(story.MoveOn.Wh).Max();
            Assert.Equal(Math.Max(last, story.MoveOn.Wh) - story.MoveOn.Wh, Charged(grid, 3));
        }, iter: PropertyRuns.Of(100));

    private static long Charged(FoldHarness grid, int account) => grid.Account(account).Meters.Sum(m => m.Charged.Wh);

    /// <summary>The readings of a history, with the three facts a quarter, a half and three quarters along it, each between two usual readings.</summary>
    private static Story StoryOf((Kind Kind, int Size)[] history, Setting setting)
    {
        var readings = new List<Reading>();
        var facts = new List<Fact>();
        var (at, wh) = (Start(setting), 1_000_000L);
        var (move, exchange, moveOn) = (history.Length / 4, history.Length / 2, history.Length * 3 / 4);
        var offset = 0L;
        for (var i = 0; i < history.Length; i++)
        {
            var isNearFact = new[] { move, exchange, moveOn }.Any(f => Math.Abs(i - f) <= 1);
            var (kind, size) = (isNearFact ? Kind.Usual : history[i].Kind, history[i].Size);
            var stepMs = kind == Kind.Gap ? (size + 1L) * (size % 3 == 0 ? 60_000L : size % 3 == 1 ? 600_000L : 1_800_000L) : setting.StepMinutes * 60_000L;
            var use = kind == Kind.Same ? 0 : kind == Kind.Gap ? size * 37L : size;
            if (i == move || i == exchange || i == moveOn)
            {
                facts.Add(new Fact(at + (stepMs / 2), wh + (use / 2) + offset));
                offset = i == exchange ? NewStartWh - (wh + (use / 2)) : offset;
            }

            (at, wh) = (at + stepMs, wh + use);
            var meter = i < exchange ? OldMeter : NewMeter;
            var shown = wh + offset;
            var value = kind switch { Kind.Zero => 0, Kind.Low => Math.Max(0, shown - (size * 500L)), Kind.HighEstimate => shown + (size * 10L), _ => shown };
            Add(meter, value, kind is Kind.Estimate or Kind.HighEstimate ? ReadingQuality.Estimated : 0);
            if (i > exchange && i < exchange + 3)
            {
                // The old device is still read on somebody's bench.
                Add(OldMeter, wh, 0);
            }
        }

        var hasFalse = history.Any(h => h.Kind is Kind.Zero or Kind.Low or Kind.HighEstimate);
        return new Story([.. readings], facts[0], facts[1], facts[2], setting.Tariff == 0 && !hasFalse, hasFalse);

        void Add(int meter, long value, ReadingQuality quality) => readings.Add(new Reading(meter, RegisterKind.Import, at, value, quality, 0));
    }

    /// <summary>
    /// The grid at the end. Null: the exchange was refused, because a false reading was the last that was known before it and its final register cannot
    /// follow that. A person enters it again when the right readings have come, which is another order.
    /// </summary>
    private static FoldHarness? Grid(Setting setting, Story story, Arrival arrival)
    {
        var start = Start(setting);
        var random = new Random(arrival.Seed);
        var grid = new FoldHarness(2, TariffOf(setting));
        for (var account = 1; account <= 3; account++)
        {
            grid.Execute(HomeOf[account], Given.Open(account, "2026-02-20", 1, "4999", "4980", "4900", "4500", "3000"), start);
            grid.Execute(HomeOf[account], Given.Pay(account, "5000"), start);
        }

        grid.Execute(0, new InstallMeter(OldMeter, 1, new MeterRating(setting.CapacityW, 0, setting.StepMinutes * 60_000), start, 1_000_000), start);
        var now = start;
        var (oldHome, newHome) = (0, 1);
        foreach (var step in OrderOf(story, arrival, random))
        {
            now += Instants.MsPerHour;
            switch (step)
            {
                case Reading reading:
                    // The directory is a moment behind now and then: the former home passes it on.
                    var home = reading.Meter == OldMeter ? oldHome : newHome;
                    var former = reading.Meter == OldMeter ? 0 : 1;
                    grid[random.Next(4) == 0 ? former : home].Append(now, reading);
                    break;
                case Fact fact when fact == story.Move:
                    Accepted(grid.Execute(0, new ReleaseMeter(OldMeter, 2, 1, fact.AtMs, fact.Wh), now));
                    oldHome = 1;
                    break;
                case Fact fact when fact == story.Exchange && !IsExchanged(grid, setting, story, now):
                    return null;
                case Fact fact when fact == story.Exchange:
                    break;
                case Fact fact:
                    Accepted(grid.Execute(1, new ReleaseMeter(NewMeter, 3, 0, fact.AtMs, fact.Wh), now));
                    newHome = 0;
                    break;
            }

            if (arrival.Seed != 0 && random.Next(25) == 0)
            {
                var atMs = start + (random.Next(200) * Instants.MsPerDay / 2);
                grid.Settle();
                grid[0].Append(new Domain.Commands.Check(atMs, [1, 3]), now);
                grid[1].Append(new Domain.Commands.Check(atMs, [2]), now);
                grid.Settle();
                var dies = grid[random.Next(2)];
                dies.Flush();
                dies.Crash();
            }
        }

        var end = start + (500 * Instants.MsPerDay);
        grid.Settle();
        grid[0].Append(new Domain.Commands.Check(end, [1, 3]), end);
        grid[1].Append(new Domain.Commands.Check(end, [2]), end);
        grid.Settle();
        return grid;
    }

    /// <summary>False: it was refused because the last that is known of the old device is a false reading.</summary>
    private static bool IsExchanged(FoldHarness grid, Setting setting, Story story, long now)
    {
        var rating = new MeterRating(setting.CapacityW, 0, setting.StepMinutes * 60_000);
        var outcome = grid.Execute(1, new ExchangeMeter(OldMeter, NewMeter, story.Exchange.AtMs, story.Exchange.Wh, NewStartWh, rating), now);
        if (story.HasFalse && outcome.Refusal?.Code == MeterRefusals.ExchangeFinalRegister)
        {
            return false;
        }

        Accepted(outcome);
        return true;
    }

    private static void Accepted(CommandOutcome outcome) => Assert.True(outcome.Accepted, outcome.Refusal?.Detail);

    /// <summary>
    /// Readings and facts in some order; what a device showed after its installation comes when the grid knows the device, and facts in their own order.
    /// </summary>
    private static List<object> OrderOf(Story story, Arrival arrival, Random random)
    {
        var byTime = story.Readings.Select(r => (At: r.TimeMs, Step: (object)r))
            .Concat(new[] { story.Move, story.Exchange, story.MoveOn }.Select(f => (At: f.AtMs, Step: (object)f)))
            .OrderBy(s => s.At).Select(s => s.Step).ToList();
        if (!arrival.IsShuffled && !arrival.IsReversed)
        {
            return byTime;
        }

        var steps = byTime.Where(s => s is Reading).ToArray();
        if (arrival.IsReversed)
        {
            Array.Reverse(steps);
        }
        else
        {
            steps = [.. steps, .. steps.Where((_, i) => i % 3 == 0)];
            random.Shuffle(steps);
        }

        var places = new[] { random.Next(steps.Length + 1), random.Next(steps.Length + 1), random.Next(steps.Length + 1) }.Order().ToArray();
        var order = new List<object>();
        var waiting = new List<object>();
        for (var i = 0; i <= steps.Length; i++)
        {
            AddFacts(i);
            if (i < steps.Length)
            {
                (steps[i] is Reading { Meter: NewMeter } && places[1] > i ? waiting : order).Add(steps[i]);
            }
        }

        return order;

        void AddFacts(int i)
        {
            order.AddRange(places[0] == i ? [story.Move] : []);
            if (places[1] == i)
            {
                order.Add(story.Exchange);
                order.AddRange(waiting);
            }

            order.AddRange(places[2] == i ? [story.MoveOn] : []);
        }
    }

    private static string? Books(Setting setting, Story story, Arrival arrival)
    {
        if (Grid(setting, story, arrival) is not { } grid)
        {
            return null;
        }

        var lines = new List<string>();
        for (var number = 1; number <= 3; number++)
        {
            var (partition, account) = (grid[HomeOf[number]], grid.Account(number));
            var booked = new Money(partition.Entries.Where(e => e.Account == number).Sum(e => e.Amount.Nano));
            Assert.True(account.Balance == booked, $"Account {number}: the balance is {account.Balance}, its entries come to {booked}; {arrival}.");
            lines.Add($"account {number} balance {account.Balance} charged {Charged(grid, number)} held {account.Meters.Sum(m => m.Held.Wh)}");
            if (story.IsFalling)
            {
                // A balance that only falls passes each level once; of several in one step the lowest is told.
                var told = partition.Events.Where(e => e.Account == number).Select(e => e.Event).OfType<BalanceLow>().Select(e => e.Level.Nano).ToList();
                Assert.Equal(told.Distinct(), told);
                lines.Add($"levels {account.Levels.Fired} lowest told {(told.Count == 0 ? "none" : new Money(told.Min()).ToString())}");
            }
        }

        foreach (var partition in grid.Partitions)
        {
            lines.AddRange(
                new[] { OldMeter, NewMeter }.SelectMany(partition.AllDays).Where(d => d.Points.Count > 0 || d.Energy.Wh != 0).Select(RowText).Order());
            lines.AddRange(
                partition.Exceptions.Where(e => e.Value.Open).Select(e => $"{e.Key.Meter} {e.Key.TimeMs} {e.Key.Outcome} {e.Value.HeldWh} {e.Value.ValueWh}")
                    .Order());
        }

        return string.Join('\n', lines);
    }

    private static string RowText(DayRow d)
    {
        var points = string.Join(' ', d.Points.Unpack(d.Before).Select(PointText));
        return $"meter {d.Key.Meter} {d.Key.Assignment} {Instants.DayToText(d.Key.Day)} {d.Before.ValueWh} [{points}] {string.Join('/', d.RateWh)} {d.Base} "
            + $"{d.HeldWh}";
    }

    private static string PointText(Point p) =>
        $"{p.TimeMs}={p.ValueWh}{(RegisterLine.Counts(p) ? "" : "!")}{(p.Shape is null ? "" : Convert.ToHexString(p.Shape))}";
}
