using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;
using CsCheck;

namespace AccountGrid.Domain.Tests.State;

/// <summary>A packed account is the same state as an unpacked one: any history folds to the same bytes and the same effects either way.</summary>
public sealed class PackedAccountTests
{
    private static readonly TariffDefinition[] Tariffs =
    [
        Given.Flat(),
        Given.Flat("0.4883") with { Tiers = Given.Tiers() },
        Given.Tou() with { TaxBasisPoints = 1300, LevyPerKwh = "0.027" },
        Given.Tou() with { Tiers = Given.Tiers("year"), StandingPerDay = "0.33", TaxBasisPoints = 500 },
        .. Structures.All,
    ];

    private static readonly long Start = Given.At("2026-02-25T00:00+08:00");

    private enum Kind
    {
        Plain,
        Large,
        Zero,
        Late,
        Again,
        Fall,
        Gap,
        Pay,
        Check,
        Crash,
        Side,
        Edited,
        ChangeTariff,
        Customer,
    }

    /// <summary>Mostly plain readings of a few accounts, with everything that is not plain among them.</summary>
    private static readonly Gen<(Kind Kind, int Meter, int Size)[]> Histories = Gen.Select(
        Gen.Frequency((90, Gen.Const(Kind.Plain)), (10, Gen.Int[1, (int)Kind.Customer].Select(i => (Kind)i))), Gen.Int[1, 3], Gen.Int[0, 500]).Array[20, 400];

    [Fact]
    public void Any_history_folds_to_the_same_state_and_effects_packed_or_not()
    {
        var (plain, all) = (0L, 0L);
        Gen.Select(Histories, Gen.Int[0, Tariffs.Length - 1], Gen.Int[0, 2]).Sample((history, tariff, step) =>
        {
            var packed = Run(history, tariff, step, packs: true);
            var unpacked = Run(history, tariff, step, packs: false);
            Assert.Equal(unpacked[0].StateText(), packed[0].StateText());
            Assert.Equal(unpacked[0].Entries, packed[0].Entries);
            Assert.Equal(unpacked[0].Notices, packed[0].Notices);
            Assert.Equal(unpacked[0].EffectNames, packed[0].EffectNames);
            Assert.Equal(unpacked[0].Exceptions.OrderBy(e => e.Key.ToString()), packed[0].Exceptions.OrderBy(e => e.Key.ToString()));
            Assert.Equal(0, unpacked[0].State.AccountCount - unpacked[0].State.UnpackedCount);
            Interlocked.Add(ref plain, packed[0].PlainCount);
            Interlocked.Add(ref all, packed[0].State.Position);
        }, iter: PropertyRuns.Of(1_500));
        TestContext.Current.SendDiagnosticMessage($"{plain} of {all} records went the short way.");
        Assert.True(plain > all / 4, $"Only {plain} of {all} records went the short way: it was hardly tried.");
    }

    [Fact]
    public void A_plain_account_packs_and_a_reading_leaves_it_packed()
    {
        var grid = Grid(0, packs: true);
        for (var i = 1; i <= 50; i++)
        {
            grid[0].Append(Start, new Reading(1, RegisterKind.Import, Start + (i * 900_000L), 1_000 + (i * 100), 0, 0));
        }

        grid.Settle();
        Assert.Equal(0, grid[0].State.UnpackedCount);
        Assert.Equal(5_000, grid.Account(1).Meters[0].Charged.Wh);
        Assert.Equal(55, grid.Account(1).Version - 2);
    }

    /// <summary>
    /// One day of another tariff between two times of the same: readings of that day are not plain ones of the first, though one without consumption leads over
    /// to it.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tariff_that_comes_back_is_not_charged_through_the_days_of_the_one_between(bool packs)
    {
        var grid = new FoldHarness(1, packs, Given.Flat(), Given.Flat("2.00"));
        grid.Execute(0, Given.Open(1, "2026-02-25"), Start);
        grid.Execute(0, Given.Meter(1, 1, "2026-02-25T00:00+08:00", 0), Start);
        Read(1);
        grid.Execute(0, new ChangeTariff(1, 2, Given.Day("2026-02-26")), Start);
        grid.Execute(0, new ChangeTariff(1, 1, Given.Day("2026-02-27")), Start);
        for (var hour = 2; hour <= 72; hour++)
        {
            Read(hour);
        }

        // A kilowatt-hour an hour, by turns a watt-hour more and less, but none behind the first midnight: 24 at 0.50, 23.001 at 2.00, 24 at 0.50.
        Assert.Equal("-70.002000000", Given.Text(grid.Account(1).Balance));
        Assert.Equal(packs, grid[0].PlainCount > 15);

        void Read(int hour)
        {
            var at = Start + (hour * Instants.MsPerHour);
            var consumed = hour < 25 ? hour : hour - 1;
            grid[0].Append(at, new Reading(1, RegisterKind.Import, at, (consumed * 1_000) + (consumed % 2), 0, 0));
            grid.Settle();
        }
    }

    /// <summary>Some readings a row, and a payment now and then: pages are laid out anew many times, by rows that grow at a different pace.</summary>
    [Fact]
    public void Accounts_that_share_pages_grow_apart_and_every_change_of_a_watched_one_is_noted_once()
    {
        const int Accounts = 150;
        Gen.Select(Gen.Int[0, Accounts - 1], Gen.Int[0, 99], Gen.Int[0, 30]).Array[500, 4_000].Sample(steps =>
        {
            var (packed, unpacked) = (Many(packs: true), Many(packs: false));
            Assert.Equal(unpacked.StateText(), packed.StateText());
            Assert.True(steps.Length < 2_000 || packed.PlainCount > steps.Length / 4,
                $"Only {packed.PlainCount} of {steps.Length} went the short way: little was tried.");

            SimPartition Many(bool packs)
            {
                var grid = new FoldHarness(1, packs, Tariffs);
                var part = grid[0];
                for (var i = 1; i <= Accounts; i++)
                {
                    part.Append(Given.Open(i, "2026-02-25", (i % 2) + 1), Start);
                    part.Append(Given.Meter(i, i, "2026-02-25T00:00+08:00", 1_000), Start);
                }

                grid.Settle();
                var (count, wh, version) = (new int[Accounts], new long[Accounts], new long[Accounts]);
                Watch();
                for (var n = 0; n < steps.Length; n++)
                {
                    // A tenth of the accounts takes most of the readings.
                    var (a, what, size) = steps[n];
                    a = size % 3 == 0 ? a : a / 10;
                    var at = Start + (++count[a] * 60_000L);
                    if (what < 97)
                    {
                        part.Append(at, new Reading(a + 1, RegisterKind.Import, at, 1_000 + (wh[a] += size), 0, 0));
                    }
                    else
                    {
                        part.Append(Given.Pay(a + 1, $"{size}.5"), at);
                    }

                    if (n % 7 == 0)
                    {
                        grid.Settle();
                        var changed = Enumerable.Range(1, Accounts).Where(i => part.State.PeekAccount(i)!.Version != version[i - 1]).ToList();
                        Assert.Equal(changed, (part.State.TakeChanged() ?? []).Order());
                        Assert.Null(part.State.TakeChanged());
                        changed.ForEach(Note);
                    }

                    if (n % 701 == 700)
                    {
                        grid.Settle();
                        if (n % 2 == 0)
                        {
                            part.Flush();
                        }

                        part.Crash();
                        grid.Settle();
                        Watch();
                    }
                }

                grid.Settle();
                return part;

                void Watch() => Enumerable.Range(1, Accounts).ToList().ForEach(Note);

                void Note(int account)
                {
                    version[account - 1] = part.State.PeekAccount(account)!.Version;
                    part.State.Watch(account);
                }
            }
        }, iter: PropertyRuns.Of(25));
    }

    private static FoldHarness Run((Kind Kind, int Meter, int Size)[] history, int tariff, int step, bool packs)
    {
        var grid = Grid(tariff, packs);
        var registers = new long[4];
        var times = new[] { Start, Start, Start, Start };
        Array.Fill(registers, 1_000);
        var stepMs = new[] { 60_000L, 900_000L, 3_600_000L }[step];
        var now = Start;
        for (var i = 0; i < history.Length; i++)
        {
            var (kind, m, size) = history[i];
            now = Math.Max(now, times[m]);
            switch (kind)
            {
                case Kind.Late:
                    Read(times[m] - (size * 37_000L), registers[m] - (size % 90));
                    break;
                case Kind.Again:
                    Read(times[m], registers[m]);
                    break;
                case Kind.Edited:
                    grid[0].Append(now, new Reading(m, RegisterKind.Import, times[m], registers[m] += 5, ReadingQuality.Edited, (byte)(size % 3)));
                    break;
                case Kind.Side:
                    grid[0].Append(now, new Reading(m, RegisterKind.Export, times[m] + size, size, 0, 0));
                    break;
                case Kind.Pay:
                    grid[0].Append(Given.Pay(m, (size % 20) + ".5"), now);
                    break;
                case Kind.ChangeTariff:
                    grid[0].Append(new ChangeTariff(m, (size % Tariffs.Length) + 1, grid.Tariff(1).Calendar.DayOf(now) + (size % 3)), now);
                    break;
                case Kind.Customer:
                    grid[0].Append(
                        (size % 4) switch
                        {
                            0 => new PlaceHold(m, HoldKind.Weather, now + (size * 3_600_000L), "heat"),
                            1 => new AnnouncePayment(m, $"p{i}", now + (size * 600_000L)),
                            2 => new MoveToDebt(m, new(size * 1_000_000_007L), 2_500, new(10_000_000_000), "moved"),
                            _ => new LiftHold(m, HoldKind.Weather, "over"),
                        },
                        now);
                    break;
                case Kind.Check:
                    now += size * 600_000L;
                    grid[0].Append(new Commands.Check(now, [1, 2, 3]), now);
                    break;
                case Kind.Crash:
                    grid.Settle();
                    if (size % 2 == 0)
                    {
                        grid[0].Flush();
                    }
                    else
                    {
                        grid[0].Crash();
                    }

                    break;
                default:
                    times[m] += kind == Kind.Gap ? size * 400_000L : stepMs + (size % 7 == 0 ? size * 10 : 0);
                    registers[m] += kind switch { Kind.Zero => 0, Kind.Large => size * 40L, Kind.Fall => -size, _ => (size % 9) + 1 };
                    Read(times[m], registers[m]);
                    break;
            }

            if (i % 5 == 0)
            {
                grid.Settle();
            }

            void Read(long at, long wh) => grid[0].Append(now, new Reading(m, RegisterKind.Import, at, Math.Max(0, wh), 0, 0));
        }

        grid.Settle();
        return grid;
    }

    private static FoldHarness Grid(int tariff, bool packs)
    {
        var grid = new FoldHarness(1, packs, Tariffs).With(5, Packs.Get("cn-residential")).With(6, Packs.Get("cn-business"))
            .With(7, Packs.Get("gb-prepay", d => d with { Currency = "CNY" }));
        for (var i = 1; i <= 3; i++)
        {
            grid.Execute(0, Given.Open(i, "2026-02-25", tariff + 1, i == 1 ? [] : ["5", "1"]), Start);
            grid.Execute(0, Given.Meter(i, i, "2026-02-25T00:00+08:00", 1_000, i == 3 ? 9_000 : 0, i == 2 ? 1_000_000 : 0, i == 3 ? 900_000 : 0), Start);
        }

        grid.Execute(0, new SetCustomer(2, 5, CustomerClass.Residential, CustomerTraits.None, "form 7"), Start);
        Assert.Null(grid.Execute(0, new SetCustomer(3, tariff % 2 == 0 ? 6 : 7, CustomerClass.Business, CustomerTraits.None, "form 7"), Start).Refusal);
        return grid;
    }
}
