using AccountGrid.Host.Settlement.Formats;

namespace AccountGrid.Host.Payments;

/// <summary>
/// How a payment channel works from a day on. A later version takes effect on its own first day, in the channel's zone; versions never change, so that what was
/// decided under one can be explained. (Source: conventions of banks and wallets, which change limits, cut-off and fees by the day.)
/// </summary>
public sealed record PaymentChannelDefinition
{
    /// <summary>Name of the channel, as its key names it: an id.</summary>
    public required string Id { get; init; }

    /// <summary><c>bank</c>, <c>agent</c>, <c>wallet</c>, <c>counter</c>, <c>direct-debit</c> or <c>token-vendor</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>First local day of this version, in <see cref="Zone"/>.</summary>
    public required DateOnly EffectiveFrom { get; init; }

    /// <summary>Currency of all its payments, ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>Time zone of the business day, IANA.</summary>
    public required string Zone { get; init; }

    /// <summary>What the channel may do: any of <c>query</c>, <c>pay</c>, <c>reverse</c>.</summary>
    public IReadOnlyList<string> Operations { get; init; } = ["query", "pay", "reverse"];

    /// <summary>How customers pay: any of <c>cash</c>, <c>bank</c>, <c>card</c>, <c>wallet</c>, <c>debit</c>, <c>token</c>.</summary>
    public required IReadOnlyList<string> Tenders { get; init; }

    /// <summary>Least amount of one payment, decimal string.</summary>
    public string MinAmount { get; init; } = "0.01";

    /// <summary>Largest amount of one payment, decimal string.</summary>
    public required string MaxAmount { get; init; }

    /// <summary><c>any</c>; <c>exact</c>, only what a query named; <c>up</c>, that or more.</summary>
    public string Exactness { get; init; } = "any";

    /// <summary>Local time at which the business day ends, <c>HH:mm</c>; <c>24:00</c> is midnight.</summary>
    public string CutOff { get; init; } = "24:00";

    /// <summary>Hours after a payment was booked in which it can be reversed for a time-out, by the customer or by the channel; 0 is never.</summary>
    public int ReversalHours { get; init; } = 24;

    /// <summary>Minutes for which a query that names an amount keeps supply from being cut; 0 to 120.</summary>
    public int PendingMinutes { get; init; } = 15;

    /// <summary>The channel's fee; null is none.</summary>
    public PaymentChannelFee? Fee { get; init; }

    /// <summary>How its settlement files are read; null where it sends none.</summary>
    public SettlementMapping? Settlement { get; init; }

    /// <summary>Who is responsible for the channel: cases about it are that person's. Null is nobody: somebody takes them.</summary>
    public string? Owner { get; init; }

    /// <summary>How it is watched; null where its availability is not measured.</summary>
    public ChannelWatch? Watch { get; init; }

    /// <summary>
    /// What the channel is to reach on each day, by the name of the measure, in its unit. A day that is worse opens a case.
    /// </summary>
    /// <remarks>In one order, so that the same targets are the same content.</remarks>
    public IReadOnlyDictionary<string, decimal>? Targets
    {
        get;
        init => field = value is null ? null : new SortedDictionary<string, decimal>(value.ToDictionary(), StringComparer.Ordinal);
    }

    /// <summary>How it collects; only of kind <c>direct-debit</c>.</summary>
    public DirectDebitSetting? DirectDebit { get; init; }
}
