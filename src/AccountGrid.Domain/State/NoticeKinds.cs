namespace AccountGrid.Domain.State;

/// <summary>Codes of the kinds of notices, as they are stored and sent, and what kinds have in common.</summary>
public static class NoticeKinds
{
    private static readonly Dictionary<string, NoticeKind> ByCode = Enum.GetValues<NoticeKind>().ToDictionary(Code, StringComparer.Ordinal);

    /// <summary>Kinds that do not show the balance: their delivery never speaks for a cut.</summary>
    public static IReadOnlyList<NoticeKind> WithoutBalance { get; } =
        [NoticeKind.Survey, NoticeKind.DirectDebit, NoticeKind.PriceChange, NoticeKind.PriceWithdrawn];

    /// <summary>Letters about arrears and the stage that each is for.</summary>
    public static IReadOnlyDictionary<NoticeKind, Stage> Letters { get; } = new Dictionary<NoticeKind, Stage>
    {
        [NoticeKind.PaymentReminder] = Stage.Reminder,
        [NoticeKind.PaymentDue] = Stage.Due,
        [NoticeKind.CourtesyReminder] = Stage.Courtesy,
        [NoticeKind.PlanOffer] = Stage.PlanOffer,
        [NoticeKind.Demand] = Stage.Demand,
        [NoticeKind.StopNotice] = Stage.StopNotice,
    };

    public static string Code(this NoticeKind kind) => kind switch
    {
        NoticeKind.LowBalance => "low-balance",
        NoticeKind.BalanceExhausted => "balance-exhausted",
        NoticeKind.CreditUsed => "credit-used",
        NoticeKind.BalanceReminder => "balance-reminder",
        NoticeKind.Bill => "bill",
        NoticeKind.FinalBill => "final-bill",
        NoticeKind.PaymentReminder => "payment-reminder",
        NoticeKind.PaymentDue => "payment-due",
        NoticeKind.CourtesyReminder => "courtesy-reminder",
        NoticeKind.PlanOffer => "plan-offer",
        NoticeKind.Demand => "demand",
        NoticeKind.StopNotice => "stop-notice",
        NoticeKind.LastNotice => "last-notice",
        NoticeKind.SupplyCut => "supply-cut",
        NoticeKind.SupplyRestored => "supply-restored",
        NoticeKind.Survey => "survey",
        NoticeKind.DirectDebit => "direct-debit",
        NoticeKind.PriceChange => "price-change",
        NoticeKind.PriceWithdrawn => "price-withdrawn",
        _ => throw new InvariantBrokenException($"No code for kind of notice {kind}."),
    };

    /// <summary>The kind with a code that was stored.</summary>
    /// <exception cref="InvariantBrokenException">No kind has this code.</exception>
    public static NoticeKind Find(string code) =>
        FindOrNull(code) ?? throw new InvariantBrokenException($"'{code}' is not a kind of notice.");

    /// <summary>The kind with a code; null where no kind has it.</summary>
    public static NoticeKind? FindOrNull(string code) => ByCode.TryGetValue(code, out var kind) ? kind : null;
}
