using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using AccountGrid.Host.Audit;
using CsCheck;

namespace AccountGrid.Domain.Tests.Metering;

/// <summary>
/// Meters that measure export, with a total or rate registers, alone or beside another meter: the same set of points gives the same books in any order, however
/// often and in what batches they come, with days that close and open in between, crashes, versions and products that pay for export, net it by rate, together
/// or by worth, or do not name it, months without readings, settlements, and an account's end of which late data come. What is charged is what the audit works
/// out with its own code.
/// </summary>
public sealed class ExportOrderTests
{
    private static readonly long Start = Given.At("2026-02-10T05:00+08:00");

    private enum Kind
    {
        Usual,
        Gap,
        Month,
        Sun,
        Low,
        Jump,
        Estimate,
        Contradicted,
    }

    private static readonly Gen<(Kind Kind, int Size)[]> Histories = Gen.Select(
        Gen.Frequency((12, Gen.Const(Kind.Usual)), (8, Gen.Const(Kind.Gap)), (2, Gen.Const(Kind.Month)), (10, Gen.Int[3, 7].Select(i => (Kind)i))),
        Gen.Int[0, 999]).Array[1, 40];

    [Fact]
    public void The_same_points_give_the_same_books_in_any_order() =>
        Gen.Select(Histories, Gen.Int[0, 80], Gen.Int, Gen.Int[0, 199].Array[0, 5], Gen.Bool).Sample((history, tariffs, seed, checks, packs) =>
        {
            var rates = (seed & 8) == 0 ? 0 : 2;
            var readings = ReadingsOf(history, rates).Where(r => r.Meter == 7 || seed % 2 == 0).ToArray();
            var life = new Life(tariffs, rates, EndMs: seed % 3 == 0 ? readings.Max(r => r.TimeMs) + 3_600_000 : null);
            var inOrder = Books(life, readings, [], packs: true, batch: 1);
            var random = new Random(seed);
            Reading[] shuffled = [.. readings, .. readings.Where((_, i) => i % 3 == 0)];
            random.Shuffle(shuffled);
            Assert.Equal(inOrder, Books(life, shuffled, checks, packs, batch: 1 + (seed & 7)));
            Assert.Equal(inOrder, Books(life, [.. readings.Reverse()], checks, packs, batch: 1));
            var blocks = readings.Chunk(9).ToArray();
            random.Shuffle(blocks);
            Assert.Equal(inOrder, Books(life, [.. blocks.SelectMany(b => b), .. readings.TakeLast(9)], checks, packs, batch: 3));
        }, iter: PropertyRuns.Of(150));

    private static Reading[] ReadingsOf((Kind Kind, int Size)[] history, int rates)
    {
        var readings = new List<Reading>();
        var (at, imported, exported, other) = (Start, 0L, 0L, 0L);
        foreach (var (kind, size) in history)
        {
            at += kind switch { Kind.Gap => (size + 1) * 600_000L, Kind.Month => (1 + (size % 40)) * Instants.MsPerDay, _ => 3_600_000 };
            imported += kind == Kind.Sun ? 0 : size * 5;
            exported += kind == Kind.Sun ? size * 9 : size % 3 * 100;
            var quality = kind == Kind.Estimate ? ReadingQuality.Estimated : 0;
            for (var i = 0; i < Math.Max(1, rates); i++)
            {
                Add(7, rates == 0 ? RegisterKind.Import : RegisterCodes.RateAt(i), Odd(imported, size % 2 == 0), quality);
            }

            Add(7, RegisterKind.Export, Odd(exported, size % 2 == 1), quality);
            Add(8, RegisterKind.Import, other += size % 70, 0);
            Add(8, RegisterKind.Export, other / 2, 0);
            if (kind == Kind.Contradicted)
            {
                Add(7, RegisterKind.Export, exported + 3, 0);
            }

            long Odd(long wh, bool isIt) => !isIt ? wh : kind switch
            {
                Kind.Low => wh / 2,
                Kind.Jump => wh + 90_000_000,
                Kind.Estimate => wh + (size % 5 * 100),
                _ => wh,
            };
        }

        return [.. readings];

        void Add(int meter, RegisterKind register, long value, ReadingQuality quality) => readings.Add(new Reading(meter, register, at, value, quality, 0));
    }

    private static string Books(Life life, Reading[] readings, int[] checks, bool packs, int batch)
    {
        TariffDefinition[] definitions = [.. TariffsOf(life.Tariffs)];
        var grid = new FoldHarness(1, packs, definitions);
        grid.Execute(0, Given.Open(1, "2026-02-01"), Start);
        var rating = new MeterRating(60_000, 0, 3_600_000);
        Assert.Null(grid.Execute(0, new InstallMeter(7, 1, rating, Start, 0, life.Rates == 0 ? null : new long[life.Rates], 0), Start).Refusal);
        if (readings.Any(r => r.Meter == 8))
        {
            grid.Execute(0, new InstallMeter(8, 1, rating, Start, 0, null, life.Tariffs % 2 == 0 ? 0 : null), Start);
        }

        Assert.Null(grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-03-08")), Start).Refusal);
        for (var i = 0; i < readings.Length; i += batch)
        {
            var now = NowOf(i);
            grid[0].AppendBatch(now, readings[i..Math.Min(readings.Length, i + batch)]);
            if (checks.Any(c => c >= i && c < i + batch))
            {
                grid[0].Append(new Domain.Commands.Check(Start + (i * 20L * Instants.MsPerHour), [1]), now);
                grid.Settle();
                grid[0].Flush();
                if (i % 2 == 0)
                {
                    grid[0].Crash();
                }
            }

            if (life.EndMs is { } endMs && i <= readings.Length / 2 && i + batch > readings.Length / 2)
            {
                End(grid, readings, endMs, now + (100 * Instants.MsPerDay));
            }
        }

        // Long enough, every second time, for old periods to be no longer kept apart.
        var end = Start + ((life.Tariffs % 2 == 0 ? 800 : 250) * Instants.MsPerDay);
        grid[0].Append(new Domain.Commands.Check(end, [1]), end);
        grid.Settle();
        return Text(grid, definitions);

        long NowOf(int i) => Start + ((life.EndMs is not null && i > readings.Length / 2 ? 100 : 0) * Instants.MsPerDay) + (i * Instants.MsPerHour);
    }

    /// <summary>The account's meters leave with their last values, and it is closed, before all readings are there.</summary>
    private static void End(FoldHarness grid, Reading[] readings, long endMs, long nowMs)
    {
        long? LastOf(int meter, RegisterKind register) => readings.Where(r => r.Meter == meter && r.Register == register).Select(r => (long?)r.ValueWh).Max();
        nowMs = Math.Max(nowMs, endMs);
        foreach (var meter in grid.Account(1).Meters.ToList())
        {
            long[]? rates = meter.Rates is null ? null : [.. meter.Rates.Select(r => LastOf(meter.Number, r.Register) ?? 0)];
            var total = rates is null ? LastOf(meter.Number, RegisterKind.Import) : 0;
            var outcome = grid.Execute(0, new ReleaseMeter(meter.Number, 0, 0, endMs, total, rates, null,
                meter.Export is null ? null : LastOf(meter.Number, RegisterKind.Export)), nowMs);
            Assert.Null(outcome.Refusal?.Detail);
        }

        Assert.Null(grid.Execute(0, new CloseAccount(1, grid.Account(1).Calendar.DayOf(endMs), "moved"), nowMs).Refusal?.Detail);
    }

    /// <summary>All that is money, and the findings. When a run of equal steps began is not in it: in closed days it can be known by a later one.</summary>
    private static string Text(FoldHarness grid, TariffDefinition[] definitions)
    {
        var account = grid.Account(1);
        Assert.Equal(account.Balance.Nano, grid[0].Entries.Sum(e => e.Amount.Nano));
        Assert.Equal(account.Balance, account.LedgerBalance);
        Audited(grid, account, definitions);
        var rows = new[] { 7, 8 }.SelectMany(m => grid[0].AllDays(m)).Where(d => d.Points.Count > 0 || d.Energy.Wh != 0).Select(d =>
            $"{d.Key.Meter} {d.Key.Register} {Instants.DayToText(d.Key.Day)} {d.Before.ValueWh} "
                + $"[{string.Join(' ', d.Points.Unpack(d.Before).Select(p => $"{p.TimeMs}={p.ValueWh}{(RegisterLine.Counts(p) ? "" : "!")}"))}] "
                + $"{string.Join('/', d.RateWh)} {d.Base} {d.HeldWh}");
        var exceptions = grid[0].Exceptions.Where(e => e.Value.Open && e.Key.Outcome is not (VeeOutcome.ExportNotCredited or VeeOutcome.RegisterNotCharged
                or VeeOutcome.AfterRemoval or VeeOutcome.Unassigned))
            .Select(e => $"{e.Key.Meter} {e.Key.Register} {e.Key.TimeMs} {e.Key.Outcome} {e.Value.HeldWh} {e.Value.ValueWh} {e.Value.Detail}").Order();
        var periods = account.Periods.Where(p => p.Live != default)
            .Select(p => $"{Instants.DayToText(p.StartDay)} {p.Tariff} {p.Charge} {string.Join('/', p.Live.ByRate?.ExportedWh ?? [])}");
        return $"balance {account.Balance}\n{string.Join('\n', account.Lines.Select(l => $"{l.Register} {l.Charged.Wh} {l.Held.Wh}"))}\n"
            + $"{string.Join('\n', periods)}\n{string.Join('\n', rows)}\n{string.Join('\n', exceptions)}";
    }

    /// <summary>What the audit works out of the same points, with its own code, and what the stored form gives back.</summary>
    private static void Audited(FoldHarness grid, AccountState account, TariffDefinition[] definitions)
    {
        var spans = account.Tariffs.Select(t => (DateOnly.FromDayNumber(t.FromDay), new AuditTariff(t.Tariff, definitions[t.Tariff - 1]))).ToList();
        var books = new AuditAccount(spans, _ => default, account.Status == AccountStatus.Closed);
        books.AddStandingDays(DateOnly.FromDayNumber(account.OpenedDay), DateOnly.FromDayNumber(account.StandingThroughDay));
        foreach (var line in account.Lines)
        {
            var days = grid[0].AllDays(line.Number).Where(d => d.Key.Register == line.Register && d.Key.Assignment == line.Assignment && d.Points.Count > 0)
                .ToList();
            List<Point> points = [days.Count == 0 ? line.Tail : days[0].Before, .. days.SelectMany(d => d.Points.Unpack(d.Before)), .. line.Open.ToList()];
            books.Add(line.Rating, AuditLine.Of(line.Rating, points), line.Rates is null ? line.Register : null, line.IsNetted);
        }

        Assert.Equal((books.ChargedWh, books.HeldWh), (account.Meters.Sum(m => m.TotalCharged.Wh), account.Meters.Sum(m => m.TotalHeld.Wh)));
        Assert.Equal((books.ExportedWh, books.ExportHeldWh),
            (account.Meters.Sum(m => m.Export?.Charged.Wh ?? 0), account.Meters.Sum(m => m.Export?.Held.Wh ?? 0)));
        Assert.Equal(books.Charge(), (decimal)account.Charged.Nano / Money.NanoPerUnit);
        if (account.Settled == WideMoney.Zero)
        {
            Assert.Equal(account.Meters.Sum(m => m.Export?.Charged.Wh ?? 0), account.Periods.Sum(p => p.Live.ByRate?.ExportedWh.Sum() ?? 0));
        }

        Assert.All(account.Periods, p => Assert.Equal(p.Live, p.Closed));
        var stored = StateCodec.Encode(account);
        Assert.Equal(stored, StateCodec.Encode(StateCodec.DecodeAccount(stored, grid.Tariff)));
    }

    /// <summary>Two tariffs in turn, of one product or of two.</summary>
    private static IEnumerable<TariffDefinition> TariffsOf(int number)
    {
        var touched = Given.Registers() with { Registers = new Dictionary<string, string> { ["1.8.1"] = "peak", ["1.8.2"] = "valley" }, TaxBasisPoints = 777 };
        TariffDefinition[] all =
        [
            touched with { Export = Given.FeedIn("0.0833", new ExportTaxDefinition { Name = "VAT", BasisPoints = 1_907 }) },
            touched with { Export = Given.Net("rate", 2, "0.03"), Tiers = Given.Tiers(), LevyPerKwh = "0.027" },
            touched with { Export = Given.Net("rate", 4), Version = 2, StandingPerDay = "0.2" },
            touched with { Export = Given.Net("total", 3, "0.033333") },
            touched with { Export = Given.Net("value", 2, "0.04"), LevyPerKwh = "0.02" },
            touched with { Export = Given.Net("value", 5, "0.04"), Version = 3 },
            touched with { Id = "none" },
            Given.Flat("0.4883") with { Id = "year", Tiers = Given.Tiers("year"), Export = Given.Net("total", 12, "0.01") },
            Given.Flat("0.31") with { Id = "flat", Export = new ExportDefinition { NetMetering = new() { SettledAfter = [.. Enumerable.Range(1, 12)] } } },
        ];
        return [all[number % 9], all[number / 9]];
    }

    /// <param name="Tariffs">Which two tariffs.</param>
    /// <param name="Rates">Rate registers of the first meter.</param>
    /// <param name="EndMs">When the account ends; null is never.</param>
    private sealed record Life(int Tariffs, int Rates, long? EndMs);
}
