using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Database;
using AccountGrid.Host.Http;
using AccountGrid.Host.Ingest;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Metering;

/// <summary>Registers meters, for the API and for imports: the same request twice is one meter.</summary>
internal sealed class MeterRegistration(GridDirectory directory, AccountPartitions partitions, MeterDirectory routes, PostgresLog log, IGrainFactory grains,
    TimeProvider time, GridOptions options)
{
    /// <summary>Longest usual interval, seconds: a day.</summary>
    private const int IntervalSecondsMax = 86_400;

    public async Task<(OutcomeView? Outcome, Refusal? Refusal)> InstallAsync(InstallMeterRequest r)
    {
        if (Check(r) is { } wrong)
        {
            return (null, wrong);
        }

        var account = r.Account is null ? null : await directory.FindAccountAsync(r.Account);
        var found = await directory.FindGatewayAsync(r.Gateway);
        if (CheckReferences(r, account, found is not null) is { } missing)
        {
            return (null, missing);
        }

        var gateway = found!.Value;
        var partition = account?.Partition ?? partitions.OfKey(r.Id);
        if (await directory.AllotMeterAsync(r.Id, gateway, partition) is not { } meter)
        {
            return (null, new Refusal(MeterRefusals.IdCollides, $"id: '{r.Id}' collides with another meter's id; choose another id."));
        }

        if (meter.Partition != partition)
        {
            // Allotted before with another account: either it is installed there, or that attempt came to nothing.
            if (await grains.Partition(meter.Partition).Meter(meter.Number) is not null)
            {
                return (null, Exists(r));
            }

            await directory.MoveUninstalledAsync(meter.Number, partition, gateway);
        }

        var append = AppendOf(r, meter.Number, account, partition, time.GetUtcNow().ToUnixTimeMilliseconds());
        var outcome = await Commands.AppendAndWait(grains, log, append, mayTryAgain: true);
        if (outcome.Accepted && !outcome.Replayed)
        {
            routes.Put(r.Id, new MeterRoute(meter.Number, (short)partition, gateway, (byte)(r.RateRegistersWh?.Count ?? 0)));
        }

        return RefusalOf(outcome, r) is { } refusal ? (null, refusal) : (outcome, null);
    }

    /// <summary>Judges a request by itself.</summary>
    public Refusal? Check(InstallMeterRequest r) =>
        Requests.CheckId("id", r.Id) ?? Requests.CheckId("gateway", r.Gateway)
            ?? CheckRating(r.CapacityW, r.RegisterWidthWh, r.IntervalSeconds, r.RegisterWh ?? 0) ?? CheckRates("rateRegistersWh", r.RateRegistersWh)
            ?? CheckSide("exportWh", r.ExportWh) ?? CheckSide("reactiveVarh", r.ReactiveVarh) ?? CheckRatio(r.Ratio)
        ?? (r.InstalledAt is { } installed ? CheckInstant("installedAt", installed, time.GetUtcNow().ToUnixTimeMilliseconds() + options.ClockDriftMs) : null);

    /// <summary>Judges what a request refers to.</summary>
    public static Refusal? CheckReferences(InstallMeterRequest r, AccountAddress? account, bool hasGateway) =>
        r.Account is not null && account is null ? new Refusal(AccountRefusals.Unknown, $"account: there is no account '{r.Account}'.")
        : hasGateway ? null
        : new Refusal(MeterRefusals.GatewayUnknown, $"gateway: there is no gateway '{r.Gateway}'; register it first.");

    /// <summary>The installation as an append under the request's own key.</summary>
    public LogAppend AppendOf(InstallMeterRequest r, int number, AccountAddress? account, int partition, long nowMs)
    {
        var command = new InstallMeter(number, account?.Number ?? 0, new MeterRating(r.CapacityW, r.RegisterWidthWh, r.IntervalSeconds * 1000, RatioOf(r)),
            r.InstalledAt?.ToUnixTimeMilliseconds() ?? nowMs, StartOf(r), r.RateRegistersWh, r.ExportWh, r.ReactiveVarh);

        // The same instant in another offset is the same request, and a register of 0 that is written or not.
        var asked = r with { InstalledAt = r.InstalledAt?.ToUniversalTime(), RegisterWh = StartOf(r) };
        return new LogAppend(partition, 1, LogRecords.Encode(nowMs, command), new LogKey(Requests.KeyOf($"install:{number}", asked), Requests.HashOf(asked)));
    }

    public static Refusal? RefusalOf(OutcomeView outcome, InstallMeterRequest r) => outcome.Code is null ? null
        : RefusalCatalogue.Find(outcome.Code) is var code && (code == MeterRefusals.Exists || code == RequestRefusals.IdempotencyKeyReused) ? Exists(r)
        : new Refusal(code, outcome.Detail!);

    /// <summary>What an installation does not say, and how it is taken.</summary>
    public static IReadOnlyList<Warning> WarningsOf(InstallMeterRequest r) => r.RegisterWh is null
        ? [new Warning(WarningCodes.MeterNoStartRegister, r.RateRegistersWh is null
                ? "registerWh: it was not given, and is taken as 0: the first reading charges the whole register."
                : $"registerWh: it was not given, and is taken as the sum of the rate registers, {StartOf(r)}; 1.8.0 is compared with them and not charged."),
            .. WarningsOf(r.CapacityW)]
        : WarningsOf(r.CapacityW);

    public static IReadOnlyList<Warning> WarningsOf(long capacityW) => capacityW == 0
        ? [
            new Warning(WarningCodes.MeterNoCapacity,
                $"capacityW: it was not given: no reading is held as more than the service can carry, unless it is above {Limits.DifferenceMaxWh} Wh.")]
        : [];

    /// <summary>Its 1.8.0 at the start; a meter that is charged by its rate registers need not have one.</summary>
    private static long StartOf(InstallMeterRequest r) => r.RegisterWh ?? Math.Min(Limits.RegisterMaxWh, r.RateRegistersWh?.Sum() ?? 0);

    private static Refusal Exists(InstallMeterRequest r) => new(MeterRefusals.Exists, $"id: meter '{r.Id}' exists already with other content.");

    public static Refusal? CheckInstant(string field, DateTimeOffset at, long latestMs) =>
        at.Year >= 1990 && at.ToUnixTimeMilliseconds() <= latestMs ? null : new Refusal(MeterRefusals.TimeInvalid, $"{field}: {at:O} is not from 1990 to now.");

    /// <summary>Judges values of rate registers by themselves; whether the meter has as many is known where it is.</summary>
    public static Refusal? CheckRates(string field, IReadOnlyList<long>? ratesWh) => ratesWh is null ? null
        : ratesWh.Count is < 1 or > RegisterCodes.RatesMax
            ? new Refusal(MeterRefusals.RateRegistersInvalid, $"{field}: {ratesWh.Count} values are not 1 to {RegisterCodes.RatesMax}, from 1.8.1 on.")
        : ratesWh.ToList().FindIndex(wh => wh is < 0 or > Limits.RegisterMaxWh) is >= 0 and var wrong
            ? new Refusal(MeterRefusals.RegisterInvalid, $"{field}[{wrong}]: {ratesWh[wrong]} is not 0 to {Limits.RegisterMaxWh}.")
        : null;

    /// <summary>Judges a value of 2.8.0 or 3.8.0 by itself; whether the meter measures it is known where it is.</summary>
    public static Refusal? CheckSide(string field, long? value) => value is < 0 or > Limits.RegisterMaxWh
        ? new Refusal(MeterRefusals.RegisterInvalid, $"{field}: {value} is not 0 to {Limits.RegisterMaxWh}.")
        : null;

    /// <summary>Judges a ratio by itself; absent is none.</summary>
    public static Refusal? CheckRatio(string? ratio) => ratio is null || TransformerRatio.MicroOf(ratio) is not null
        ? null
        : new Refusal(MeterRefusals.RatioInvalid, $"ratio: '{ratio}' is not {TransformerRatio.Right}.");

    private static long RatioOf(InstallMeterRequest r) => TransformerRatio.MicroOf(r.Ratio) is { } ratio and not MeterRating.One ? ratio : 0;

    public static Refusal? CheckRating(long capacityW, long widthWh, int intervalSeconds, long registerWh)
    {
        if (capacityW is < 0 or > 10_000_000_000)
        {
            return new Refusal(MeterRefusals.CapacityInvalid, $"capacityW: {capacityW} is not 0 to 10000000000.");
        }

        if (widthWh is < 0 or > Limits.RegisterMaxWh)
        {
            return new Refusal(MeterRefusals.WidthInvalid, $"registerWidthWh: {widthWh} is not 0 to {Limits.RegisterMaxWh}.");
        }

        if (intervalSeconds is < 0 or > IntervalSecondsMax)
        {
            return new Refusal(MeterRefusals.IntervalInvalid, $"intervalSeconds: {intervalSeconds} is not 0 to {IntervalSecondsMax}.");
        }

        return registerWh is < 0 or > Limits.RegisterMaxWh
            ? new Refusal(MeterRefusals.RegisterInvalid, $"registerWh: {registerWh} is not 0 to {Limits.RegisterMaxWh}.")
            : null;
    }
}
