using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Supply;

namespace AccountGrid.Host.Partitions;

/// <summary>What the fold holds, as others see it.</summary>
internal static class PartitionViews
{
    /// <param name="business">Business days of the account's policy pack; null where it has none.</param>
    /// <param name="atMs">From when on days are left, UTC ms.</param>
    public static AccountView Of(PartitionState state, AccountState a, BusinessCalendar? business, long atMs) => new()
    {
        Number = a.Number,
        Partition = state.Partition,
        Position = state.Position,
        Version = a.Version,
        AsOfMs = state.NowMs,
        IsOpen = a.Status == AccountStatus.Open,
        Mode = a.Mode.ToString().ToLowerInvariant(),
        Currency = a.CurrentTariff.Definition.Currency,
        Zone = a.CurrentTariff.Definition.Zone,
        OpenedMs = a.Calendar.StartOf(a.OpenedDay),
        HouseholdSize = a.Household.Size,
        IsProtectedHousehold = a.Household.Protected,
        Tariff = a.TariffOf(a.Calendar.DayOf(state.NowMs)).Number,
        FollowsProduct = a.IsFollowingOn(a.Calendar.DayOf(state.NowMs)),
        BalanceNano = a.Balance.Nano,
        LedgerBalanceNano = a.LedgerBalance.Nano,
        Float = a.Internal is { Kind: AccountKind.Float } own ? (own.Limit.Nano, own.CommissionPpm) : null,
        CreditNano = a.Credit.Nano,
        ChargedNano = a.Charged.Nano,
        SettledNano = a.Settled.Nano,
        TenthsOfDaysLeft = BalanceForecast.Of(a, business, atMs)?.TenthsOfDaysLeft(),

        // Arrays: what an expression in brackets makes of an IReadOnlyList is three objects, in every awake grain.
        Periods = a.Periods.Select((p, i) => Of(a, p, i)).ToArray(),
        Meters = a.Meters.Where(m => m.UntilMs == long.MaxValue).Select(m => Of(state, m)).ToArray(),
    };

    /// <summary>The workflows of an account, and whether supply could be cut at an instant.</summary>
    public static WorkflowView? WorkflowOf(AccountState a, Policy? policy, long atMs)
    {
        if (a.Customer is not { } customer || policy is null || InterlockCheck.Evaluate(a, policy, atMs) is not { } interlock)
        {
            return null;
        }

        var (overdue, supply) = (customer.Overdue, customer.Supply);
        return new WorkflowView
        {
            Account = a.Number,
            Policy = policy.Stamp,
            Class = customer.Class.ToString(),
            Traits = customer.Traits.ToString(),
            Stage = overdue.Stage.ToString(),
            StageDay = overdue.StageDay,
            OverdueDays = a.OwesByBill ? overdue.OverdueDays(a.Calendar.DayOf(atMs), policy) : null,
            UnpaidNano = overdue.UnpaidNano,
            LateFeesNano = overdue.FeesNano,
            DebtNano = customer.Debt.Left.Nano,
            Relay = supply.Relay.ToString(),
            Sequence = supply.Sequence,
            TenthsOfDaysLeft = BalanceForecast.Of(a, policy.Business, atMs)?.TenthsOfDaysLeft(),
            Holds = [.. customer.Holds.Select(h => h.Kind.ToString())],
            InterlockGo = interlock.Go,
            Reasons = [.. interlock.Reasons.Select(r => new InterlockReasonView(r.Code, r.Detail))],
            Facts = JsonSerializer.Serialize(interlock.Facts, JsonSerializerOptions.Web),
            Version = a.Version,
            AtMs = atMs,
            Tariff = a.TariffOf(a.Calendar.DayOf(atMs)).Number,
            Mode = a.Mode.ToString().ToLowerInvariant(),
            HouseholdSize = a.Household.Size,
            IsProtectedHousehold = a.Household.Protected,
            OpenedDay = a.OpenedDay,
            IsOpen = a.Status == AccountStatus.Open,
            ToPayNano = (a.OwesByBill ? Asking.Bill(overdue.Book, policy.Digits) : Asking.Prepaid(a.Balance, policy.Digits)).Nano,
            Dues = [.. overdue.Book.Asked.Where(i => i.Kind != ItemKind.Fee).Select(i => new DueView(i.DueDay, i.OpenNano))],
        };
    }

    public static MeterView Of(PartitionState state, MeterState m) => new()
    {
        Number = m.Number,
        Assignment = m.Assignment,
        Account = m.Account?.Number ?? 0,
        Partition = state.Partition,
        Position = state.Position,
        FromMs = m.FromMs,
        UntilMs = m.UntilMs == long.MaxValue ? null : m.UntilMs,
        RegisterWh = m.Last.ValueWh,
        RegisterMs = m.Last.TimeMs,
        ChargedWh = m.Charged.Wh,
        HeldWh = m.Held.Wh,
        CapacityW = m.Rating.CapacityW,
        RegisterWidthWh = m.Rating.RegisterWidthWh,
        IntervalMs = m.Rating.IntervalMs,
    };

    public static DayView Of(DayRow d, bool closed) => new(
        d.Key.Day,
        d.Account,
        d.Tariff,
        closed,
        d.RateWh,
        d.Base.Nano,
        d.HeldWh,
        [.. d.Points.Unpack(d.Before).Select(p => new PointView(p.TimeMs, p.ValueWh, (int)p.Quality, p.Revision))],
        d.FromPosition,
        d.ToPosition,
        d.Key.Meter,
        d.Key.Assignment);

    public static OutcomeView Of(int partition, Domain.Commands.CommandOutcome o) =>
        new(partition, o.Position, o.Refusal?.Code, o.Refusal?.Detail, o.Balance.Nano, Replayed: false, o.Amount.Nano, o.Debt.Nano, o.Fees.Nano);

    private static NamedView Of(NamedAmount n) => new(JsonNamingPolicy.CamelCase.ConvertName(n.Kind.ToString()), n.Name, n.Amount.Nano);

    private static PeriodView Of(AccountState a, ChargePeriod p, int index)
    {
        var (tariff, terms) = (a.TariffByNumber(p.Tariff), a.TermsOf(p));
        var parts = ChargePeriod.ChargeOf(p.Live, tariff, terms, a.EnergyBefore(index, closed: false));
        return new PeriodView(p.StartDay, p.Tariff, p.Live.Energy.Wh, parts.Energy.Nano, parts.Tiers.Nano, parts.Standing.Nano, parts.Tax.Nano, p.Charge.Nano,
            p.Booked.Nano, tariff.Tiers.LimitsWh(terms), parts.Levies.Nano, parts.Named is { } named ? [.. named.Items.Select(Of)] : []);
    }
}
