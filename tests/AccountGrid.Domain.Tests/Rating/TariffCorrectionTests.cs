using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Another tariff from a past day: closed days are charged again, and the account is as if it had had the tariff all the time.</summary>
public sealed class TariffCorrectionTests
{
    private static readonly long StartMs = Given.At("2026-03-01T00:00+08:00");
    private static readonly long LateMs = Given.At("2026-03-14T12:00+08:00");

    /// <summary>Four days at 1 and six at 10 in the place of ten at 1; six corrections of 9, each naming the entry that booked its day first.</summary>
    [Fact]
    public void Closed_days_are_charged_again_and_each_correction_names_the_first_entry_of_its_day()
    {
        var grid = TenDays(Given.Flat("1"), Given.Flat("10") with { Id = "other" });
        Assert.Equal("-10.000000000", grid.Account(1).LedgerBalance.ToString());
        var outcome = grid.Execute(0, Correct("2026-03-05"), LateMs);
        Assert.True(outcome.Accepted, outcome.Refusal?.Detail);
        Assert.Equal("-54.000000000", outcome.Amount.ToString());
        var (account, booked) = (grid.Account(1), grid[0].Entries.Where(e => e.Kind == EntryKind.Charge).ToDictionary(e => e.Day, e => e.Position));
        Assert.Equal(("-64.000000000", "-64.000000000"), (account.Balance.ToString(), account.LedgerBalance.ToString()));
        var corrections = grid[0].Entries.Where(e => e.Kind == EntryKind.Correction).ToList();
        Assert.Equal(Enumerable.Range(Given.Day("2026-03-05"), 6), corrections.Select(e => e.Day));
        Assert.All(corrections, e => Assert.Equal(("-9.000000000", booked[e.Day]), (e.Amount.ToString(), e.CorrectsPosition)));
        grid[0].Flush();
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2, 2], grid[0].AllDays(7).OrderBy(d => d.Key.Day).Select(d => d.Tariff));
        var told = Assert.Single(grid[0].Events.Select(e => e.Event).OfType<TariffChanged>());
        Assert.Equal((-54_000_000_000L, "wrong product"), (told.Corrected?.Nano, told.Reason));

        // Back again, and nothing is left of it.
        Assert.True(grid.Execute(0, Correct("2026-03-05") with { Tariff = 1 }, LateMs).Accepted);
        Assert.Equal("-10.000000000", grid.Account(1).Balance.ToString());
        Assert.Equal([1], grid.Account(1).Periods.Select(p => p.Tariff));
    }

    [Theory]
    [InlineData("2025-12-31", 2, "tariff.correction_day")]
    [InlineData("2026-01-01", 2, null)]
    [InlineData("2026-03-14", 2, null)]
    [InlineData("2026-03-15", 2, "tariff.correction_day")]
    [InlineData("2026-03-05", 3, "tariff.not_effective")]
    [InlineData("2026-03-10", 3, null)]
    [InlineData("2026-03-05", 4, "tariff.incompatible")]
    [InlineData("2026-03-05", 0, "tariff.unknown")]
    [InlineData("2026-03-05", 5, "approval.needed")]
    public void Days_and_tariffs_that_are_refused(string day, int tariff, string? code)
    {
        var grid = TenDays(
            Given.Flat("1"), Given.Flat("2") with { Id = "other" }, Given.Flat("3") with { Id = "late", EffectiveFrom = new(2026, 3, 10) },
            Given.Flat("1", "Asia/Tokyo") with { Id = "tokyo" }, Given.Flat("99999") with { Id = "dear" });
        var before = grid.Account(1).Balance;
        var outcome = grid.Execute(0, Correct(day) with { Tariff = tariff }, LateMs);
        Assert.Equal(code, outcome.Refusal?.Code.Text);
        Assert.True(code is null || grid.Account(1).Balance == before, "A refused correction changed the balance.");
        if (code == "approval.needed")
        {
            Assert.Equal(code, grid.Execute(0, Correct(day) with { Tariff = tariff, ApprovedBy = "ann" }, LateMs).Refusal?.Code.Text);
            Assert.True(grid.Execute(0, Correct(day) with { Tariff = tariff, ApprovedBy = "bob" }, LateMs).Accepted);
        }
    }

    /// <summary>A standing charge comes for the days of the other tariff, and goes with it.</summary>
    [Fact]
    public void Standing_charges_move_with_the_days()
    {
        var grid = TenDays(Given.Flat("1") with { StandingPerDay = "0.5" }, Given.Flat("1") with { Id = "other", StandingPerDay = "2" });
        grid[0].Append(new Check(LateMs, [1]), LateMs);
        grid.Settle();
        var before = grid.Account(1).Balance;
        Assert.True(grid.Execute(0, Correct("2026-03-05"), LateMs).Accepted);

        // 5 to 14 March: ten days at 1.50 more.
        Assert.Equal("-15.000000000", (grid.Account(1).Balance - before).ToString());
        Assert.Equal(grid.Account(1).Balance, grid.Account(1).LedgerBalance);
    }

    /// <summary>What was agreed from a later day on is the customer's, and stays.</summary>
    [Fact]
    public void A_later_agreement_stays()
    {
        var grid = TenDays(Given.Flat("1"), Given.Flat("2") with { Id = "other" }, Given.Flat("3") with { Id = "agreed" });
        Assert.True(grid.Execute(0, new ChangeTariff(1, 3, Given.Day("2026-03-16")), LateMs).Accepted);
        Assert.True(grid.Execute(0, Correct("2026-03-05"), LateMs).Accepted);
        Assert.Equal([1, 2, 3], grid.Account(1).Tariffs.Select(t => t.Tariff));
        Assert.Equal([Given.Day("2026-03-05"), Given.Day("2026-03-16")], grid.Account(1).Tariffs.Skip(1).Select(t => t.FromDay));
        Assert.Equal("-16.000000000", grid.Account(1).Balance.ToString());
    }

    /// <summary>A pack that allows one month back: no older day may become dearer, and every day may become cheaper.</summary>
    [Theory]
    [InlineData("2026-01-10", "dear", "tariff.back_billing")]
    [InlineData("2026-02-09", "dear", "tariff.back_billing")]
    [InlineData("2026-02-10", "dear", null)]
    [InlineData("2026-01-10", "cheap", null)]
    public void Days_behind_the_packs_limit_never_become_dearer(string from, string tariff, string? code)
    {
        var life = new Life("2026-01-05", PaymentMode.Postpaid, Packs.Get("cn-residential", d => d with { BackBillingMonths = 1 })) { HourlyWh = 100 };
        var number = life.Grid.AddProduct(Given.Flat(tariff == "dear" ? "0.60" : "0.40") with { Id = tariff });
        life.To("2026-03-10T12:00:00+08:00");
        var outcome = life.Do(new CorrectTariff(1, number, Given.Day(from), false, "wrong", "ann", "bob"));
        Assert.Equal(code, outcome.Refusal?.Code.Text);
        Assert.True(code is null || outcome.Refusal!.Detail!.Contains("2026-02-10", StringComparison.Ordinal), outcome.Refusal?.Detail);
        if (code is null)
        {
            // Bills that were issued stay; the next one has what is corrected.
            var bills = life.Partition.Bills.ToList();
            Assert.NotEmpty(bills);
            Assert.Equal(tariff == "cheap", outcome.Amount > Money.Zero);
            life.To("2026-04-12T12:00:00+08:00");
            Assert.Equal(bills, life.Partition.Bills.Take(bills.Count));
        }
    }

    /// <summary>A prepaid balance that a dearer correction takes below zero is debt, with a person who agrees on it, and nobody is cut.</summary>
    [Fact]
    public void A_prepaid_customer_is_not_cut_for_what_is_corrected()
    {
        var life = new Life("2026-03-02", PaymentMode.Prepaid, Packs.Get("cn-residential"), CustomerTraits.PrepaidConsent) { HourlyWh = 100 };
        var dear = life.Grid.AddProduct(Given.Flat("5") with { Id = "dear" });
        life.Pay("20");
        life.To("2026-03-07T12:00:00+08:00");
        var before = life.State.Balance;
        var outcome = life.Do(new CorrectTariff(1, dear, Given.Day("2026-03-03"), false, "wrong", "ann", "bob"));
        Assert.True(outcome.Accepted, outcome.Refusal?.Detail);
        Assert.Equal(Money.Zero, life.State.Balance);
        Assert.Equal(-outcome.Amount - before, life.Customer.Debt.Left);
        Assert.Contains(life.Customer.Cases, c => c.Kind == CaseKind.DebtTerms);
        Assert.Equal(Relay.On, life.Customer.Supply.Relay);
    }

    /// <summary>
    /// Readings with gaps, in any order, before and after the correction, under all pairs of structures: the end is that of an account which was on the other
    /// tariff from the day on. What is entered sums to the balance, live and replayed.
    /// </summary>
    [Fact]
    public void It_ends_as_if_the_tariff_had_been_right_from_the_start()
    {
        List<TariffDefinition> all = [Given.Flat("0.7") with { Id = "plain" }, .. Structures.All];
        for (var seed = 0; seed < all.Count * all.Count; seed++)
        {
            var random = new Random(seed);
            var (old, other) = (all[seed % all.Count], all[seed / all.Count % all.Count] with { Id = "other" });
            var day = Given.Day("2026-02-20") + random.Next(25);
            var readings = ReadingsOf(random);
            var at = random.Next(readings.Length / 2, readings.Length);
            var (corrected, right) = (Grid(old, other, null), Grid(old, other, day));
            foreach (var grid in new[] { corrected, right })
            {
                Feed(grid, readings[..at], new Random(seed));
                var outcome = grid == corrected
                    ? grid.Execute(0, new CorrectTariff(1, 2, day, false, "wrong", "ann", "bob"), Given.At("2026-03-20T12:00+08:00"))
                    : null;
                Assert.True(outcome is null or { Accepted: true }, $"Seed {seed}: {outcome?.Refusal?.Detail}");
                if (seed % 3 == 0)
                {
                    grid[0].Flush();
                    grid[0].Crash();
                }

                Feed(grid, readings[at..], new Random(seed + 1));
                grid[0].Append(new Check(Given.At("2026-04-20T12:00+08:00"), [1]), Given.At("2026-04-20T12:00+08:00"));
                grid.Settle();
            }

            Assert.True(Text(right) == Text(corrected), $"Seed {seed}, from {old.Id}:\n{Text(right)}\n{Text(corrected)}");
            Assert.Equal(corrected.Account(1).LedgerBalance, corrected[0].Entries.Aggregate(Money.Zero, (sum, e) => sum + e.Amount));
        }
    }

    private static string Text(FoldHarness grid)
    {
        var account = grid.Account(1);
        return $"{account.Balance} {account.LedgerBalance}\n"
            + string.Join('\n', account.Periods.Where(p => p.Live != default)
                .Select(p => $"{p.StartDay} {p.Tariff} {p.Live} {p.Closed} {p.Charge} {p.Booked}"));
    }

    /// <summary>From 20 February to 22 March, mostly hourly, with gaps of up to two days; some come late.</summary>
    private static Reading[] ReadingsOf(Random random)
    {
        var (readings, ms, wh) = (new List<Reading>(), Given.At("2026-02-20T00:00+08:00"), 0L);
        while (ms < Given.At("2026-03-22T00:00+08:00"))
        {
            ms += Instants.MsPerHour * (random.Next(12) == 0 ? random.Next(2, 48) : 1);
            wh += random.Next(3_000);
            readings.Add(new Reading(7, RegisterKind.Import, ms, wh, 0, 0));
        }

        for (var i = 0; i < readings.Count / 8; i++)
        {
            var from = random.Next(readings.Count - 80);
            var to = from + random.Next(80);
            (readings[from], readings[to]) = (readings[to], readings[from]);
        }

        return [.. readings];
    }

    private static FoldHarness Grid(TariffDefinition old, TariffDefinition other, int? otherFrom)
    {
        var grid = new FoldHarness(1, old, other);
        grid.Execute(0, Given.Open(1, "2026-02-20"), Given.At("2026-02-14T00:00+08:00"));
        if (otherFrom is { } day)
        {
            Assert.True(grid.Execute(0, new ChangeTariff(1, 2, day), Given.At("2026-02-14T00:00+08:00")).Accepted);
        }

        grid.Execute(0, Given.Meter(7, 1, "2026-02-20T00:00+08:00"), Given.At("2026-02-14T00:00+08:00"));
        return grid;
    }

    private static void Feed(FoldHarness grid, Reading[] readings, Random random)
    {
        foreach (var reading in readings)
        {
            grid[0].Append(reading.TimeMs, reading);
            if (random.Next(30) == 0)
            {
                grid[0].Append(new Check(reading.TimeMs + Instants.MsPerHour, [1]), reading.TimeMs + Instants.MsPerHour);
                grid.Settle();
                grid[0].Flush();
            }
        }

        grid.Settle();
    }

    /// <summary>Ten days of 1 kWh from 1 March, all closed.</summary>
    private static FoldHarness TenDays(params TariffDefinition[] tariffs)
    {
        var grid = FoldHarness.WithMeter(tariffs);
        for (var day = 1; day <= 10; day++)
        {
            var ms = StartMs + (day * Instants.MsPerDay);
            grid[0].Append(ms, new Reading(7, RegisterKind.Import, ms, day * 1_000, 0, 0));
        }

        grid[0].Append(new Check(LateMs - Instants.MsPerDay, [1]), LateMs - Instants.MsPerDay);
        grid.Settle();
        grid[0].Flush();
        return grid;
    }

    private static CorrectTariff Correct(string day) => new(1, 2, Given.Day(day), false, "wrong product", "ann");
}
