using System.Globalization;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Tests.Simulation;

/// <summary>Short words for tests.</summary>
internal static class Given
{
    public static TariffDefinition Tariff(string zone, params (string Name, string Price)[] rates) => new()
    {
        Id = "t",
        Currency = "CNY",
        Zone = zone,
        Rates = [.. rates.Select(r => new RateDefinition(r.Name, r.Price))],
    };

    public static TariffDefinition Flat(string price = "0.50", string zone = "Asia/Shanghai") => Tariff(zone, ("flat", price));

    public static TariffDefinition Tou(string zone = "Asia/Shanghai") => Tariff(zone, ("flat", "0.50"), ("peak", "0.80"), ("valley", "0.20")) with
    {
        Schedule = [new RateRule { Rate = "valley", From = "23:00", To = "07:00" }, new RateRule { Rate = "peak", From = "18:00", To = "21:00" }],
    };

    public static TierDefinition Tiers(string per = "month") => new() { Per = per, Steps = [new TierStep(240_000, "0.05"), new TierStep(400_000, "0.30")] };

    /// <summary>RFC 3339 to UTC ms.</summary>
    public static long At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    public static int Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber;

    public static OpenAccount Open(int account, string day = "2026-01-01", int tariff = 1, params string[] levels) =>
        new(account, $"A{account}", tariff, PaymentMode.Prepaid, Day(day), 0, false,
            [.. levels.Select(Amount)]);

    public static InstallMeter Meter(int meter, int account, string from, long wh = 0, long capacityW = 0, long widthWh = 0, int intervalMs = 0) =>
        new(meter, account, new MeterRating(capacityW, widthWh, intervalMs), At(from), wh);

    public static Reading Reading(int meter, string at, long wh, byte revision = 0) =>
        new(meter, RegisterKind.Import, At(at), wh, ReadingQuality.None, revision);

    /// <summary>A decision about a reading of meter 7 on account 1, within what one person may decide.</summary>
    public static DecideReading Decide(long atMs, long? seenWh, ReadingDecision decision, VeeOutcome? about, long? valueWh = null, long upToWh = 0,
        string? approvedBy = "b") => new(1, 7, atMs, about, decision, seenWh, ReadingDecision.Withdraw, valueWh, upToWh, null, "seen", "a", approvedBy);

    /// <summary>Three rates with a schedule, each with a register of its own: 1.8.1 peak, 1.8.2 flat, 1.8.3 valley.</summary>
    public static TariffDefinition Registers(string zone = "Asia/Shanghai") => Tou(zone) with
    {
        Id = "registers",
        Registers = new Dictionary<string, string> { ["1.8.1"] = "peak", ["1.8.2"] = "flat", ["1.8.3"] = "valley" },
    };

    /// <summary>A meter that is charged by its rate registers.</summary>
    public static InstallMeter RateMeter(int meter, int account, string from, params long[] rates) =>
        Meter(meter, account, from, rates.Sum()) with { RateRegistersWh = rates };

    /// <summary>The value of a rate register, from 1 for 1.8.1.</summary>
    public static Reading Rate(int meter, int register, string at, long wh, ReadingQuality quality = ReadingQuality.None) =>
        new(meter, RegisterCodes.RateAt(register - 1), At(at), wh, quality, 0);

    /// <summary>A meter that measures export from 0 on.</summary>
    public static InstallMeter ExportMeter(int meter, int account, string from) => Meter(meter, account, from) with { ExportWh = 0 };

    /// <summary>A value of 2.8.0.</summary>
    public static Reading Export(int meter, string at, long wh, ReadingQuality quality = ReadingQuality.None) =>
        new(meter, RegisterKind.Export, At(at), wh, quality, 0);

    public static ExportDefinition FeedIn(string price, params ExportTaxDefinition[] taxes) =>
        new() { FeedIn = new FeedInDefinition { PricePerKwh = price, Taxes = taxes } };

    /// <summary>Net metering that is settled behind one month of each year.</summary>
    public static ExportDefinition Net(string per, int settledAfter, string rest = "0") =>
        new() { NetMetering = new NetMeteringDefinition { Per = per, SettledAfter = [settledAfter], RestPricePerKwh = rest } };

    public static TakePayment Pay(int account, string amount) =>
        new(account, Amount(amount), "bank", null);

    /// <summary>An amount as a decimal string.</summary>
    public static Money Amount(string text) => Money.TryParse(text, out var money) ? money : throw new FormatException(text);

    public static string Text(Money money) => money.ToString();
}
