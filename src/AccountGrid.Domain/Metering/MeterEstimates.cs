using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Metering;

/// <summary>
/// Estimated values of meters that send nothing. Each is a projection (<see cref="RegisterLine"/>): it is charged, always marked, and no part of the line any
/// more once a measured value follows. No cut rests on it.
/// </summary>
internal static class MeterEstimates
{
    internal static DaysNeeded? Estimate(FoldContext context, EstimateReading c)
    {
        var account = context.State.FindAccount(c.Account);
        var meter = account?.Meters.Find(m => m.Number == c.Meter && m.UntilMs == long.MaxValue);
        if (account is null || meter is null)
        {
            context.Refuse(MeterRefusals.NotOnAccount, "The meter is not in use on the account.", account);
            return null;
        }

        if (Refuse(account, meter, c, context.NowMs) is { } refusal)
        {
            context.Refuse(refusal, account);
            return null;
        }

        var reading = new Reading(c.Meter, RegisterKind.Import, c.AtMs, c.ValueWh, ReadingQuality.Estimated | ReadingQuality.Projected, 0);
        if (MeterReadings.Take(context, meter, reading) is { } needed)
        {
            return needed;
        }

        context.Emit(account, new ReadingEstimated(c.Meter, c.AtMs, c.ValueWh, c.Method, c.Reason, c.DecidedBy));
        context.State.Touch(account, context.Position);
        context.Accept(account);
        return null;
    }

    private static Refusal? Refuse(AccountState account, MeterState meter, EstimateReading c, long nowMs) =>
        !meter.IsCharged ? new(EstimateRefusals.NotPossible, "meter: it is charged by its rate registers, whose values are not estimated.")
        : account.Customer is { Supply.Relay: not Relay.On }
            ? new(EstimateRefusals.NotPossible, "meter: the account's supply is off, or about to be: nothing is estimated that was perhaps not used.")
        : c.AtMs > nowMs
            ? new(EstimateRefusals.TimeInvalid, $"at: {Instants.ToText(c.AtMs)} is to come; it is {Instants.ToText(nowMs)}.")
        : meter.Lines.Max(l => l.Last.TimeMs) is var last && c.AtMs <= last
            ? new(EstimateRefusals.NotSilent, $"at: the meter's last value is of {Instants.ToText(last)}; an estimate lies behind it.")
        : c.ValueWh is < 0 or > Limits.RegisterMaxWh || c.ValueWh < meter.Last.ValueWh
            ? new(EstimateRefusals.NotPossible, $"value: {c.ValueWh} Wh cannot follow the meter's last value, {meter.Last.ValueWh} Wh.")
        : null;
}
