using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.Partitions;

/// <summary>What a message may speak of. Money is decimal text of the account's currency; days are <c>yyyy-MM-dd</c>; null is not for this kind.</summary>
public sealed record NoticeFacts
{
    public required string Balance { get; init; }

    public required string Currency { get; init; }

    /// <summary>When it was decided, UTC ms.</summary>
    public required long AtMs { get; init; }

    /// <summary>The level that was crossed, by amount; and by days.</summary>
    public string? LevelAmount { get; init; }

    public int? LevelDays { get; init; }

    /// <summary>How long the balance lasts, days with one decimal.</summary>
    public string? DaysLeft { get; init; }

    /// <summary>What is asked for, or was given.</summary>
    public string? Amount { get; init; }

    public string? DueDay { get; init; }

    public int? OverdueDays { get; init; }

    public string? LateFees { get; init; }

    public string? EmergencyCredit { get; init; }

    /// <summary>Earliest instant of a cut, local wall clock.</summary>
    public string? CutAfter { get; init; }

    public int? MeterCount { get; init; }

    /// <summary>The survey that a message asks to answer, 32 hexadecimal digits.</summary>
    public string? SurveyId { get; init; }

    /// <summary>After what the survey asks: payment, case, restore or area.</summary>
    public string? Occasion { get; init; }

    /// <summary>Where the survey is answered. Made when the text is written, and stored nowhere else.</summary>
    public string? SurveyLink { get; init; }

    /// <summary>The mandate under which an amount is collected.</summary>
    public string? Mandate { get; init; }

    /// <summary>First local day of a price.</summary>
    public string? FirstDay { get; init; }

    /// <summary>The product whose price it is.</summary>
    public string? Product { get; init; }

    /// <summary>Prices before and after a change.</summary>
    public IReadOnlyList<PriceLine>? Prices { get; init; }

    /// <summary>What a change of price would have meant for the last months.</summary>
    public PastCost? Past { get; init; }

    /// <summary>The pack that decided.</summary>
    public string? Policy { get; init; }
}
