using System.Text.Json;
using AccountGrid.Contracts;
using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.LowBalance;
using AccountGrid.Domain.Notices;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
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
        ContractedMilli = a.ContractOn(a.Calendar.DayOf(state.NowMs)).Milli,
        ContractedUnit = CapacityUnits.Text(a.ContractOn(a.Calendar.DayOf(state.NowMs)).Unit),
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
        Periods = PeriodsOf(a),
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
            UnpaidNano = overdue.Unpaid.Nano,
            LateFeesNano = overdue.Fees.Nano,
            DebtNano = customer.Debt.Left.Nano,
            Relay = supply.Relay.ToString(),
            Sequence = supply.Sequence,
            TenthsOfDaysLeft = BalanceForecast.Of(a, policy.Business, atMs)?.TenthsOfDaysLeft(),
            Holds = [.. customer.Holds.Select(h => h.Kind.ToString())],
            InterlockGo = interlock.Go,
            Reasons = [.. interlock.Reasons.Select(r => new InterlockReasonView(r.Code, r.Detail))],
            Facts = JsonSerializer.Serialize(interlock.Facts, AccountEventJson.Stored),
            Version = a.Version,
            AtMs = atMs,
            Tariff = a.TariffOf(a.Calendar.DayOf(atMs)).Number,
            Mode = a.Mode.ToString().ToLowerInvariant(),
            HouseholdSize = a.Household.Size,
            IsProtectedHousehold = a.Household.Protected,
            OpenedDay = a.OpenedDay,
            IsOpen = a.Status == AccountStatus.Open,
            Cycles = CyclesOf(overdue, a.Calendar.DayOf(atMs)),
            BilledThroughDay = overdue.BilledThroughDay,
            Levels = [.. a.Levels.Levels.Select(l => new LevelView(
                JsonNamingPolicy.CamelCase.ConvertName(l.Kind.ToString()), l.Kind == LevelKind.Days ? (int)l.Value : 0, l.Fire.Nano))],
            ToPayNano = (a.OwesByBill ? Asking.Bill(overdue.Book, policy.Digits) : Asking.Prepaid(a.Balance, policy.Digits)).Nano,
            Dues = [.. overdue.Book.Asked.Where(i => i.Kind != ItemKind.Fee).Select(i => new DueView(i.DueDay, i.Open.Nano))],
        };
    }

    private static BillingCycleView[] CyclesOf(OverdueState overdue, int today) =>
    [
        .. overdue.Cycles.Where(c => c.FromDay > today).Prepend(overdue.CycleOn(today))
            .Select(c => new BillingCycleView(Math.Max(0, c.FromDay), c.Day, c.Months, c.Family != 0)),
    ];

    /// <param name="version">A version that may change the account's price; null is none.</param>
    public static RatingView RatingOf(AccountState a, Tariff? version, Policy? policy, long nowMs)
    {
        var today = a.Calendar.DayOf(nowMs);
        var tariffs = new List<TariffDays>();
        for (var day = a.OpenedDay; day <= today; day = a.TariffEndOf(day, nowMs))
        {
            tariffs.Add(new(day, a.TariffOf(day, nowMs).Number));
        }

        return new()
        {
            Account = a.Number,
            OpenedDay = a.OpenedDay,
            LastDay = a.Status == AccountStatus.Closed ? a.StandingThroughDay : null,
            HouseholdSize = a.Household.Size,
            IsProtectedHousehold = a.Household.Protected,
            Tariffs = [.. tariffs],
            Replaced = version is null ? 0 : PriceNoticeRules.ReplacedBy(version, a, nowMs)?.Number ?? 0,
            NoticeDays = policy?.Definition.PriceNoticeDays ?? 0,
            LeavesDay = policy is null ? today : a.Calendar.DayOf(policy.AfterQuietHours(a.Calendar, nowMs)),
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
        ChargedWh = m.TotalCharged.Wh,
        HeldWh = m.TotalHeld.Wh,
        CapacityW = m.Rating.At(long.MaxValue).CapacityW,
        RegisterWidthWh = m.Rating.At(long.MaxValue).RegisterWidthWh,
        IntervalMs = m.Rating.At(long.MaxValue).IntervalMs,
        RateRegisters = m.Rates is { } rates ? rates.Select(r => Of(r.Last)).ToArray() : [],
        Export = m.Export is { } export ? Of(export.Last) : null,
        ExportedWh = m.Export?.Charged.Wh ?? 0,
        ExportHeldWh = m.Export?.Held.Wh ?? 0,
        Reactive = m.Reactive is { } reactive ? Of(reactive.Last) : null,
        RatioMicro = m.Rating.RatioMicro,
        Changes = m.Rating.Changes?.Select(c => new MeterFactView(c.FromMs, c.CapacityW, c.RegisterWidthWh, c.IntervalMs, c.RatioMicro)).ToArray(),
    };

    public static DayView Of(DayRow d, bool closed) => new(
        d.Key.Day,
        d.Account,
        d.Tariff,
        closed,
        d.RateWh,
        d.Base.Nano,
        d.HeldWh,
        [.. d.Points.Unpack(d.Before).Select(p => Of(p))],
        d.FromPosition,
        d.ToPosition,
        d.Key.Meter,
        d.Key.Assignment,
        (int)d.Key.Register,
        d.PricesThrough);

    private static PointView Of(in Point p) => new(p.TimeMs, p.ValueWh, (int)p.Quality, p.Revision, (byte)(p.Decision?.Kind ?? 0));

    public static OutcomeView Of(int partition, Domain.Commands.CommandOutcome o) =>
        new(partition, o.Position, o.Refusal?.Code, o.Refusal?.Detail, o.Balance.Nano, Replayed: false, o.Amount.Nano, o.Debt.Nano, o.Fees.Nano);

    /// <summary>What a decision about a reading came to, from the effects of its command alone.</summary>
    public static DecisionView OfDecision(Effects effects)
    {
        var refusal = effects.Outcomes.Count > 0 ? effects.Outcomes[^1].Refusal : null;
        var happened = effects.Events.Select(e => e.Event).OfType<ReadingDecided>().LastOrDefault();
        return refusal is not null || happened is null ? new(refusal?.Code, refusal?.Detail, 0, 0, 0, 0, 0, false)
            : new(null, null, happened.FromWh, happened.ToWh, happened.ChargedWh, happened.HeldWh, happened.Charge.Nano, happened.Repeats);
    }

    private static NamedView Of(NamedAmount n) => new(JsonNamingPolicy.CamelCase.ConvertName(n.Kind.ToString()), n.Name, n.Amount.Nano);

    private static PeriodView[] PeriodsOf(AccountState a)
    {
        var net = ExportChain.Of(a, closed: false);
        return [.. a.Periods.Select((p, i) => Of(a, p, i, net?[i] ?? default))];
    }

    private static PeriodView Of(AccountState a, ChargePeriod p, int index, in NetTerms net)
    {
        var (tariff, terms) = (a.TariffByNumber(p.Tariff), a.TermsOf(p));
        var parts = ChargePeriod.ChargeOf(p.Live, tariff, terms, a.EnergyBefore(index, closed: false), net);
        return new PeriodView(p.StartDay, p.Tariff, p.Live.Energy.Wh, parts.Energy.Nano, parts.Tiers.Nano, parts.Standing.Nano, parts.Tax.Nano, p.Charge.Nano,
            p.Booked.Nano, tariff.Tiers.LimitsWh(terms), parts.Levies.Nano, parts.Named is { } named ? [.. named.Items.Select(Of)] : [],
            parts.Export.Nano, ExportOf(p, tariff, net), TwoPartFacts.Of(a, p) is { } f ? Of(f) : null);
    }

    private static TwoPartView Of(TwoPartFacts f) => new(
        f.Days, f.ContractedMilli, f.Unit, f.MaximumW, f.MaximumAtMs, f.ActiveWh, f.ReactiveVarh, f.PairedDays, f.FactorHundredths, f.BasisPoints,
        f.Capacity.Nano, f.PowerFactor.Nano);

    private static ExportView? ExportOf(ChargePeriod p, Tariff tariff, in NetTerms terms)
    {
        if (p.Live.ByRate is null && terms.Carried is null)
        {
            return null;
        }

        long[] exported = [.. p.Live.ByRate?.ExportedWh ?? new long[tariff.RateCount]];
        if (tariff.Export is not { IsNet: true } net)
        {
            return new(exported, [], 0, 0, 0, 0, 0);
        }

        var result = net.Net(p.Live.ByRate, terms);
        return net.Netting == Netting.ByValue
            ? new(exported, [], terms.Carried?[1] ?? 0, result.Left?[1] ?? 0, result.RestWh, terms.Carried?[0] ?? 0, result.Left?[0] ?? 0)
            : new(exported, result.NettedWh, terms.Carried?.Sum() ?? 0, result.Left?.Sum() ?? 0, result.RestWh, 0, 0);
    }
}
