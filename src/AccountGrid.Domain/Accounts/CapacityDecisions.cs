using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Metering;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Accounts;

/// <summary>Whether an account can have a contracted capacity, and be on a tariff that charges for it.</summary>
public static class CapacityDecisions
{
    /// <summary>What is right for a capacity, for people.</summary>
    public static string Right { get; } = $"a decimal of more than 0 and at most {Limits.ContractedMax} with at most three decimals";

    /// <summary>Thousandths of a kVA or kW; null for what is no contracted capacity.</summary>
    public static long? MilliOf(string? text)
    {
        const long NanoPerMilli = Money.NanoPerUnit / 1_000;
        return Money.TryParse(text, out var units) && units > Money.Zero && units <= Money.FromUnits(Limits.ContractedMax) && units.Nano % NanoPerMilli == 0
            ? units.Nano / NanoPerMilli
            : null;
    }

    /// <summary>Thousandths as a decimal string without zeros at its end.</summary>
    public static string Text(long milli) => (milli / 1_000m).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="policy">The account's pack; null where it has none.</param>
    internal static Decision Decide(AccountState account, SetContractedCapacity c, Policy? policy, long nowMs)
    {
        if (c.Milli is <= 0 or > Limits.ContractedMax * 1_000L)
        {
            return Decision.Refuse(AccountRefusals.CapacityInvalid, $"capacity: {Text(c.Milli)} is not {Right}.");
        }

        if (RefuseUnit(account, c, nowMs) is { } wrongUnit)
        {
            return wrongUnit;
        }

        var (earliest, latest) = (Math.Max(account.OpenedDay, account.SettledBeforeDay), account.Calendar.DayOf(nowMs) + Limits.CapacityAheadDays);
        if (c.FromDay < earliest || c.FromDay > latest)
        {
            return Decision.Refuse(AccountRefusals.CapacityDay,
                $"from: {Instants.DayToText(c.FromDay)} is not from {Instants.DayToText(earliest)}, the first day that can still change, to "
                    + $"{Instants.DayToText(latest)}.");
        }

        if (account.Contracted.Count >= Limits.ContractedSpansMax && !account.Contracted.Exists(s => s.FromDay == c.FromDay))
        {
            return Decision.Refuse(AccountRefusals.CapacityTooMany, $"The account has had {Limits.ContractedSpansMax} contracted capacities already.");
        }

        if (account.TariffOf(c.FromDay, nowMs).TwoPart is { IsByDemand: true } && RefuseWithin(account, c.FromDay, nowMs) is { } within)
        {
            return within;
        }

        if (RefuseCost(account.TariffOf(c.FromDay, nowMs), c.Milli, "capacity") is { } dear)
        {
            return dear;
        }

        var named = UnitOf(account.TariffOf(c.FromDay, nowMs), c.Unit);
        var unit = CapacityUnits.Of(named)!.Value;
        var cost = account.CostOfCapacity(c.FromDay, c.Milli, unit);
        if (cost == WideMoney.Zero)
        {
            return new ContractedCapacitySet(c.Milli, c.FromDay, c.Reason, Unit: named);
        }

        var limitDay = ChangeableDays.FirstChargeableDay(account, policy, nowMs);
        var costBehind = c.FromDay < limitDay ? account.CostOfCapacity(c.FromDay, c.Milli, unit, limitDay) : WideMoney.Zero;
        return CorrectionDecisions.RefuseCost(account, policy, cost, costBehind, limitDay, (c.DecidedBy, c.ApprovedBy), nowMs)
            ?? new ContractedCapacitySet(c.Milli, c.FromDay, c.Reason, (-cost).ToMoney(), !string.IsNullOrEmpty(c.ApprovedBy), named);
    }

    /// <summary>
    /// Under a demand charge a month has one contract, which is agreed on before the demand is known; the first one begins with its month or with the account.
    /// </summary>
    private static Decision? RefuseWithin(AccountState account, int fromDay, long nowMs) =>
        DateOnly.FromDayNumber(fromDay).Day != 1 && fromDay != account.OpenedDay
            || (account.ContractedOn(fromDay, account.TariffOf(fromDay, nowMs)) != 0 && fromDay <= account.Calendar.DayOf(nowMs))
            ? Decision.Refuse(AccountRefusals.CapacityDay,
                $"from: {Instants.DayToText(fromDay)} is not the first day of a month to come: a demand charge has one contract for a month, which is agreed "
                    + "on before the demand is known.")
            : default(Decision?);

    /// <summary>Why an account cannot change to a tariff from a day on with the capacities that it has; null where it can.</summary>
    internal static Decision? Refuse(AccountState account, Tariff tariff, int fromDay) =>
        Refuse(tariff, account.ContractOn(fromDay).Milli,
            account.ContractOn(fromDay).Unit is var unit and not CapacityUnit.Any ? CapacityUnits.Text(unit) : null)
            ?? (tariff.TwoPart is { IsByDemand: true }
                && account.Contracted.Find(s => s.FromDay > fromDay && DateOnly.FromDayNumber(s.FromDay).Day != 1) is { FromDay: > 0 and var day }
                ? Decision.Refuse(AccountRefusals.CapacityDay,
                    $"tariff: {tariff.Definition.Id} charges for demand by whole months, and the account has another contracted capacity from "
                        + $"{Instants.DayToText(day)} on, within a month; change to it from the month after that on.")
                : default(Decision?));

    /// <summary>Why an account cannot be on a tariff from a day on with the capacity that it has; null where it can.</summary>
    /// <param name="milli">Its contracted capacity then; 0 is none.</param>
    /// <param name="unit">Its unit; null is the tariff's own.</param>
    public static Decision? Refuse(Tariff tariff, long milli, string? unit) => milli != 0 && CapacityUnits.Of(unit) is null
        ? Decision.Refuse(AccountRefusals.CapacityUnit, $"contractedUnit: '{unit}' is not kVA or kW.")
        : tariff.TwoPart is not { CountsDays: true } ? default(Decision?)
        : milli == 0
            ? Decision.Refuse(AccountRefusals.CapacityMissing,
                $"tariff: {tariff.Definition.Id} charges for capacity or demand, and the account has no contracted capacity on its first day under it.")
        : !CapacityUnits.Fits(CapacityUnits.Of(unit)!.Value, tariff.TwoPart.Unit)
            ? Decision.Refuse(AccountRefusals.CapacityUnit,
                $"tariff: {tariff.Definition.Id} charges by {CapacityUnits.Text(tariff.TwoPart.Unit)}, and the contracted capacity is {Text(milli)} {unit}; "
                    + $"set one in {CapacityUnits.Text(tariff.TwoPart.Unit)} from the first day under it on.")
        : RefuseCost(tariff, milli, "tariff");

    /// <summary>The unit of a contract that begins under a tariff: what is named, else what the tariff charges for.</summary>
    internal static string? UnitOf(Tariff tariff, string? named) =>
        named ?? (tariff.TwoPart is { CountsDays: true } terms ? CapacityUnits.Text(terms.Unit) : null);

    /// <summary>Days that are charged have the unit of their tariff; from a day to come on it may be that of a tariff to come.</summary>
    private static Decision? RefuseUnit(AccountState account, SetContractedCapacity c, long nowMs)
    {
        var tariff = account.TariffOf(c.FromDay, nowMs);
        return CapacityUnits.Of(c.Unit) is not { } unit ? Decision.Refuse(AccountRefusals.CapacityUnit, $"unit: '{c.Unit}' is not kVA or kW.")
            : tariff.TwoPart is { CountsDays: true } terms && !CapacityUnits.Fits(unit, terms.Unit) && c.FromDay <= account.Calendar.DayOf(nowMs)
                ? Decision.Refuse(AccountRefusals.CapacityUnit,
                    $"unit: {tariff.Definition.Id} charges by {CapacityUnits.Text(terms.Unit)} on {Instants.DayToText(c.FromDay)}, and not by {c.Unit}.")
            : default(Decision?);
    }

    /// <summary>Why a change of tariff from a day on is none by whole months; null where it is, or neither tariff asks for it.</summary>
    internal static Decision? RefuseDay(AccountState account, Tariff to, int fromDay, long nowMs) =>
        DateOnly.FromDayNumber(fromDay).Day != 1 && fromDay > account.OpenedDay
            && (to.TwoPart is not null || account.TariffOf(fromDay - 1, nowMs).TwoPart is not null)
            ? Decision.Refuse(TariffRefusals.TwoPart,
                $"from: {Instants.DayToText(fromDay)} is not the first day of a month; a tariff with a charge for capacity, demand or power factor holds for "
                    + "whole months.")
            : default(Decision?);

    private static Decision? RefuseCost(Tariff tariff, long milli, string field) => tariff.TwoPart is { } terms && terms.IsAbove(milli)
        ? Decision.Refuse(AccountRefusals.CapacityInvalid,
            $"{field}: {Text(milli)} would cost more than {Limits.CapacityChargeMax} a month under tariff {tariff.Definition.Id}.")
        : default(Decision?);
}
