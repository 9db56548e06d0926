using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Policies;

/// <summary>
/// A version of a policy pack as it is written, stored and shown: everything that differs by country, province and year. Immutable and
/// effective from a local day on. Money is decimal strings of <see cref="Currency"/>; times are local wall-clock <c>HH:mm</c> of the account's zone.
/// </summary>
public sealed record PolicyDefinition
{
    /// <summary>Name of the pack, 1 to 32 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Version, 1 and up.</summary>
    public required int Version { get; init; }

    /// <summary>First local day on which this version decides.</summary>
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>ISO 4217 code; accounts under the pack have a tariff in it.</summary>
    public required string Currency { get; init; }

    public required CalendarPolicy Calendar { get; init; }

    public required LowBalancePolicy LowBalance { get; init; }

    /// <summary>Hours in which no message is handed to a channel; decided all the same.</summary>
    public required HoursPolicy QuietHours { get; init; }

    public required PrepaidPolicy Prepaid { get; init; }

    public required BillingPolicy Billing { get; init; }

    /// <summary>Nothing that was used more than so many months ago is charged, 1 to 120; 0 is no limit.</summary>
    public int BackBillingMonths { get; init; }

    /// <summary>
    /// Days from the announcement of a further version of a product to its first day, 0 to 365; at least <see cref="Limits.TariffLeadDays"/> are kept.
    /// </summary>
    public int PriceNoticeDays { get; init; }

    public required LateFeePolicy LateFee { get; init; }

    public required LadderPolicy Ladder { get; init; }

    public required CutPolicy Cut { get; init; }

    public required RestorePolicy Restore { get; init; }

    public required ComplaintPolicy Complaint { get; init; }

    public required BreakerPolicy Breaker { get; init; }

    public required ApprovalPolicy Approval { get; init; }

    /// <summary>Which payment plans may be offered to whom; absent is <see cref="InstalmentPolicy.Default"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InstalmentPolicy? Instalments { get; init; }

    /// <summary>Where each figure comes from; every figure above must be covered.</summary>
    public required IReadOnlyList<FigureSource> Sources { get; init; }
}
