using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Fold;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.Fold;

/// <summary>What must hold for any history. CsCheck prints the seed of a failure.</summary>
public sealed class FoldPropertyTests
{
    private static readonly TariffDefinition[] Tariffs =
    [
        Given.Flat(),
        Given.Flat("0.4883") with { Tiers = Given.Tiers() },
        Given.Tou() with { TaxBasisPoints = 1300, LevyPerKwh = "0.027" },
        Given.Tou() with { Tiers = Given.Tiers(), TaxBasisPoints = 777 },
        Given.Tou() with { Tiers = Given.Tiers("year"), StandingPerDay = "0.33", TaxBasisPoints = 500 },
        .. Structures.All,
    ];

    private const int Iterations = 1_500;

    private static readonly long Start = Given.At("2026-02-25T00:00+08:00");

    /// <summary>A meter's readings: irregular steps, gaps of days, falls and spikes among them.</summary>
    private static readonly Gen<Reading[]> Readings =
        Gen.Select(Gen.OneOf(Gen.Int[1, 6], Gen.Int[1, 6], Gen.Int[1, 300]),
            Gen.Int[0, 6].Select(i => new[] { 0L, 10L, 250L, 250L, 4_000L, 90_000L, -700L }[i])).Array[1, 60].Select(steps =>
        {
            var at = Start;
            var wh = 1_000_000L;
            return steps.Select(s => new Reading(7, RegisterKind.Import, at += s.Item1 * 900_000L, wh += s.Item2, ReadingQuality.None, 0)).ToArray();
        });

    [Fact]
    public void Any_order_and_any_resending_give_the_same_balance()
    {
        Gen.Select(Readings, Gen.Int[0, Tariffs.Length - 1], Gen.Int).Sample((readings, tariff, seed) =>
        {
            var inOrder = Run(tariff, readings, []);
            var shuffled = Shuffle(seed, [.. readings, .. readings.Where((_, i) => i % 3 == 0)]);
            // Shapes depend on what was known when; without them the day's order is the only disorder that may matter.
            var other = Run(tariff, shuffled, []);
            Assert.Equal(inOrder.Meters[0].Charged, other.Meters[0].Charged);
            Assert.Equal(inOrder.Meters[0].Held, other.Meters[0].Held);
            Assert.Equal(inOrder.Meters[0].Open.ToList().Select(p => (p.TimeMs, p.ValueWh)), other.Meters[0].Open.ToList().Select(p => (p.TimeMs, p.ValueWh)));
            if (Tariffs[tariff].Rates.Count == 1)
            {
                Assert.Equal(inOrder.Balance, other.Balance);
            }
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void Disorder_within_a_day_changes_no_balance_on_any_tariff()
    {
        Gen.Select(Readings, Gen.Int[0, Tariffs.Length - 1], Gen.Int).Sample((readings, tariff, seed) =>
        {
            var shuffled = readings.GroupBy(r => (r.TimeMs - 1 + (8 * Instants.MsPerHour)) / Instants.MsPerDay).SelectMany(day => Shuffle(seed, [.. day]));
            Assert.Equal(Run(tariff, readings, []).Balance, Run(tariff, [.. shuffled], []).Balance);
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void Closing_and_opening_days_at_any_time_changes_no_balance()
    {
        Gen.Select(Readings, Gen.Int[0, 3], Gen.Int, Gen.Int[0, 59].Array[0, 5]).Sample((readings, tariff, seed, checks) =>
        {
            var shuffled = Shuffle(seed, readings);
            Assert.Equal(Run(tariff, shuffled, []).Balance, Run(tariff, shuffled, checks).Balance);
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void Balance_is_credit_less_charges_and_entries_sum_to_it_when_all_days_are_closed()
    {
        Gen.Select(Readings, Gen.Int[0, Tariffs.Length - 1], Gen.Int, Gen.Int[0, 59].Array[0, 5]).Sample((readings, tariff, seed, checks) =>
        {
            var grid = Grid(tariff);
            Push(grid, Shuffle(seed, readings), checks);
            grid[0].Append(CheckAt(Start + (400 * Instants.MsPerDay)), Start + (400 * Instants.MsPerDay));
            grid.Settle();
            var account = grid.Account(1);
            Assert.Equal(account.Credit - account.Charged, account.Balance);
            Assert.Equal(account.Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
            Assert.Equal(account.Balance, account.LedgerBalance);
            Assert.Equal(account.Meters[0].Charged.Wh, grid[0].AllDays(7).Sum(d => d.Energy.Wh));
            Assert.Equal(readings[^1].ValueWh - 1_000_000, account.Meters[0].Charged.Wh + account.Meters[0].Held.Wh);
            Assert.Equal(account.Periods.Sum(p => (long)p.Live.Base.Nano), grid[0].AllDays(7).Sum(d => d.Base.Nano));
            Assert.Equal(account.Meters[0].Held.Wh, grid[0].Exceptions.Where(e => e.Value.Open).Sum(e => e.Value.HeldWh));
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void A_replay_from_any_flush_gives_the_same_state_and_the_same_effects()
    {
        Gen.Select(Readings, Gen.Int[0, Tariffs.Length - 1], Gen.Int, Gen.Int[0, 59].Array[1, 6]).Sample((readings, tariff, seed, marks) =>
        {
            var shuffled = Shuffle(seed, readings);
            var calm = Grid(tariff);
            Push(calm, shuffled, marks);
            var rough = Grid(tariff);
            var flushed = 0L;
            Push(rough, shuffled, marks, i =>
            {
                if (i % 3 == 0)
                {
                    rough[0].Flush();
                    flushed = rough[0].State.Position;
                }
                else
                {
                    rough[0].Crash();
                    rough.Settle();
                }
            });
            Assert.Equal(calm[0].StateText(), rough[0].StateText());
            Assert.Equal(calm[0].Entries, rough[0].Entries);
            Assert.Equal(calm[0].Notices, rough[0].Notices);
            Assert.Equal(calm[0].EffectNames.ToHashSet(), rough[0].EffectNames.ToHashSet());
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void A_fold_in_batches_of_any_size_equals_the_fold_one_by_one()
    {
        Gen.Select(Readings, Gen.Int[0, Tariffs.Length - 1], Gen.Int, Gen.Int[1, 20].Array[1, 60]).Sample((readings, tariff, seed, sizes) =>
        {
            var shuffled = Shuffle(seed, readings);
            var single = Grid(tariff);
            Array.ForEach(shuffled, r => single[0].Append(Start, r));
            single.Settle();
            var batched = Grid(tariff);
            for (var (at, i) = (0, 0); at < shuffled.Length; at += sizes[i++ % sizes.Length])
            {
                batched[0].AppendBatch(Start, shuffled[at..Math.Min(shuffled.Length, at + sizes[i % sizes.Length])]);
            }

            batched.Settle();
            Assert.Equal(single[0].StateText(), batched[0].StateText());
            Assert.Equal(single[0].EffectNames, batched[0].EffectNames);
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void An_energy_that_is_spread_sums_to_the_whole()
    {
        Gen.Select(Gen.Long[0, 10_000_000], Gen.Long[1, 20 * Instants.MsPerDay], Gen.Long[0, 3_000_000_000], Gen.Byte.Array[24])
            .Sample((from, length, wh, shape) =>
        {
            var grid = Grid(2);
            var sink = new SumSink();
            Spreader.Spread(grid.Account(1), Start + from, Start + from + length, new Energy(wh), shape, ref sink);
            Assert.Equal(wh, sink.Wh);
            Assert.True(sink.Least >= 0);
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void Records_come_out_of_the_log_as_they_went_in()
    {
        var reading = Gen.Select(Gen.Int[1, int.MaxValue], Gen.Enum<RegisterKind>(), Gen.Long[631_152_000_000, 7_258_118_400_000],
            Gen.Long[0, Limits.RegisterMaxWh], Gen.UShort, Gen.Byte)
            .Select((m, k, t, v, q, r) => new Reading(m, k, t, v, (ReadingQuality)q, r));
        Gen.Select(reading.Array[1, 50], Gen.Long[1_700_000_000_000, 1_900_000_000_000]).Sample((readings, now) =>
        {
            var bytes = LogRecords.Encode(now, readings);
            var reader = new LogRecords.Reader(bytes);
            Assert.Equal(now, reader.ReceivedMs);
            foreach (var expected in readings)
            {
                Assert.True(reader.Next());
                Assert.Equal(expected, reader.Reading);
            }

            Assert.False(reader.Next());
        }, iter: PropertyRuns.Of(Iterations));
    }

    [Fact]
    public void Damaged_log_bytes_are_an_error_and_never_a_hang_or_a_crash()
    {
        var good = LogRecords.Encode(1_790_000_000_000,
            [new Reading(1, RegisterKind.Import, 1_790_000_000_000, 5, ReadingQuality.Estimated, 1),
                new Reading(2, RegisterKind.Import, 1_790_000_000_000, 9, 0, 0)]);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            var bytes = good.ToArray();
            bytes[at] = value;
            try
            {
                var reader = new LogRecords.Reader(bytes.AsSpan(0, length));
                for (var n = 0; reader.Next(); n++)
                {
                    Assert.True(n < 64);
                }
            }
            catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException or NotSupportedException)
            {
                Assert.NotEmpty(e.Message);
            }
        }, iter: PropertyRuns.Of(Iterations));
    }

    private static FoldHarness Grid(int tariff)
    {
        var grid = new FoldHarness(1, Tariffs[tariff]);
        grid.Execute(0, Given.Open(1, "2026-02-25", 1, "0", "-10", "-100"), Start);
        grid.Execute(0, new InstallMeter(7, 1, new MeterRating(60_000, 0, 900_000), Start, 1_000_000), Start);
        grid.Execute(0, Given.Pay(1, "20"), Start);
        return grid;
    }

    private static AccountState Run(int tariff, Reading[] readings, int[] checks)
    {
        var grid = Grid(tariff);
        Push(grid, readings, checks);
        grid[0].Append(CheckAt(Start + (400 * Instants.MsPerDay)), Start + (400 * Instants.MsPerDay));
        grid.Settle();
        var account = grid.Account(1);
        if (account.Meters[0].ClosedThroughDay != int.MinValue)
        {
            // Points back in memory, so that runs that closed days compare with those that did not.
            var rows = grid[0].AllDays(7).ToList();
            new PartitionFold(grid[0].State, grid.Tariff).Reopen(
                new DaysNeeded(account.Meters[0], rows.Count > 0 ? rows[0].Key.Day : account.Meters[0].ClosedThroughDay, false), rows, new Effects());
        }

        return account;
    }

    private static void Push(FoldHarness grid, Reading[] readings, int[] marks, Action<int>? atMark = null)
    {
        for (var i = 0; i < readings.Length; i++)
        {
            var now = Start + (i * Instants.MsPerHour);
            grid[0].Append(now, readings[i]);
            if (marks.Contains(i))
            {
                grid[0].Append(CheckAt(now + (5 * i * Instants.MsPerDay / 2)), now);
                grid.Settle();
                atMark?.Invoke(i);
            }
        }

        grid.Settle();
    }

    private static GridCommand CheckAt(long ms) => new Commands.Check(ms, [1]);

    private static Reading[] Shuffle(int seed, Reading[] readings)
    {
        new Random(seed).Shuffle(readings = [.. readings]);
        return readings;
    }

    private struct SumSink : IEnergySink
    {
        public long Wh;
        public long Least;

        public void Add(DayPlan plan, int rate, Energy energy)
        {
            Wh += energy.Wh;
            Least = Math.Min(Least, energy.Wh);
        }
    }
}
