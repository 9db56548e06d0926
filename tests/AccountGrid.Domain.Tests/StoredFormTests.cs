using System.Text;
using System.Text.Json;
using AccountGrid.Domain.Accounts;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests;

/// <summary>
/// What lies in databases stays readable: every stored form against a golden file. A change of form shows here; a new form is a new line, and old
/// lines stay.
/// </summary>
public sealed class StoredFormTests
{
    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden", "stored.txt");

    [Fact]
    public void Stored_forms_are_those_that_were_agreed()
    {
        var now = string.Join('\n', Lines()) + "\n";
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, "stored.txt"), now);
        }

        Assert.Equal(File.ReadAllText(Golden), now);
    }

    [Fact]
    public void Stored_commands_and_states_are_read_back_as_they_were()
    {
        foreach (var line in File.ReadAllLines(Golden))
        {
            var (kind, content) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
            switch (kind)
            {
                case "command":
                    Assert.Equal(content, Encoding.UTF8.GetString(GridCommand.FromBytes(Encoding.UTF8.GetBytes(content)).ToBytes()));
                    break;
                case "event":
                    Assert.Equal(content, JsonSerializer.Serialize(JsonSerializer.Deserialize(content, AccountEventJson.Default.AccountEvent)!, AccountEventJson.Default.AccountEvent));
                    break;
                case "readings":
                    var reader = new LogRecords.Reader(Convert.FromHexString(content));
                    Assert.True(reader.Next());
                    Assert.Equal(Readings()[0], reader.Reading);
                    break;
                case "account":
                    var grid = Grid();
                    Assert.Equal(content, Convert.ToHexString(StateCodec.Encode(StateCodec.DecodeAccount(Convert.FromHexString(content), grid.Tariff))));
                    break;
                default:
                    Assert.Fail($"Unknown kind {kind}.");
                    break;
            }
        }
    }

    private static IEnumerable<string> Lines()
    {
        GridCommand[] commands =
        [
            Given.Open(1, "2026-03-01", 1, "50"), Given.Pay(1, "12.34"), new ReversePayment(1, 5, "bounced"), new RefundCredit(1, 7, null), new AdjustBalance(1, -7, "mistake"),
            new ChangeTariff(1, 2, 739_000), new CloseAccount(1, null), Given.Meter(7, 1, "2026-03-01T00:00+08:00", 5, 10_000, 100_000_000, 900_000), new ReleaseMeter(7, 2, 3, 1_790_000_000_000, null),
            new ReceiveMeter(7, 1, 2, default, 1_790_000_000_000, 9, 0, [1, 2], [new MovedPoint(1_790_000_900_000, 10, ReadingQuality.Estimated, 1)]),
            new ExchangeMeter(7, 8, 1_790_000_000_000, 9, 0, default), new Check(1_790_000_000_000, [1, 2]),
        ];
        AccountEvent[] events =
        [
            new AccountOpened("A1", 1, PaymentMode.Prepaid, 739_000, 2, true, [5]), new PaymentTaken(5, "bank", "r"), new PaymentReversed(3, 5, null), new RefundPaid(5, null), new BalanceAdjusted(-5, "x"),
            new TariffChanged(2, 739_000), new AccountClosed(null), new MeterInstalled(7, 1, 2), new MeterReleased(7, 1, 2, 3), new MeterExchanged(7, 8, 1, 2, 3), new BalanceLow("1:low-balance:1", 5, 4),
        ];
        return commands.Select(c => "command " + Encoding.UTF8.GetString(c.ToBytes()))
            .Concat(events.Select(e => "event " + JsonSerializer.Serialize(e, AccountEventJson.Default.AccountEvent)))
            .Append("readings " + Convert.ToHexString(LogRecords.Encode(1_790_000_000_000, Readings())))
            .Append("account " + Convert.ToHexString(StateCodec.Encode(Grid().Account(1))));
    }

    private static Reading[] Readings() =>
        [new Reading(7, RegisterKind.Import, 1_789_999_999_000, 123_456_789, ReadingQuality.Estimated, 3), new Reading(8, RegisterKind.Import, 1_790_000_000_000, 5, 0, 0), new Reading(8, RegisterKind.Export, 1_790_000_000_000, 5, 0, 0)];

    /// <summary>An account with a bit of everything: two periods, closed and reopened days, a shape, a payment, a fired level.</summary>
    private static FoldHarness Grid()
    {
        var grid = new FoldHarness(1, Given.Tou() with { Tiers = Given.Tiers(), TaxBasisPoints = 1300, StandingPerDay = "0.3" });
        grid.Execute(0, Given.Open(1, "2026-02-25", 1, "5", "1"), 1_771_948_800_000);
        grid.Execute(0, Given.Meter(7, 1, "2026-02-25T00:00+08:00", 1_000, 50_000, 0, 3_600_000), 1_771_948_800_000);
        grid.Execute(0, Given.Pay(1, "6"), 1_771_948_800_000);
        var start = Given.At("2026-02-25T00:00+08:00");
        for (var i = 1; i <= 150; i++)
        {
            if (i is not (70 or 71))
            {
                grid[0].Append(start + (i * Instants.MsPerHour), new Reading(7, RegisterKind.Import, start + (i * Instants.MsPerHour), 1_000 + (i * (i % 24 > 18 ? 90 : 40)), 0, 0));
            }
        }

        grid[0].Append(new Check(start + (160 * Instants.MsPerHour), [1]), start + (160 * Instants.MsPerHour));
        grid[0].Append(start + (161 * Instants.MsPerHour), new Reading(7, RegisterKind.Import, start + (70 * Instants.MsPerHour), 4_500, ReadingQuality.Estimated, 1));
        grid.Settle();
        return grid;
    }
}
