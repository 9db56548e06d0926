using System.Text.Json;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Prepayment;

/// <summary>A row of <c>prepayment_offer</c>. Names are those of its columns.</summary>
internal sealed record PrepaymentOfferRow
{
    public int Partition { get; init; }

    public string Id { get; init; } = "";

    public int Account { get; init; }

    public string Account_Id { get; init; } = "";

    public string Figures { get; init; } = "";

    public string Text_Version { get; init; } = "";

    public string Text_Zh { get; init; } = "";

    public string Text_En { get; init; } = "";

    public byte[] Body_Hash { get; init; } = [];

    public string Offered_By { get; init; } = "";

    public DateTimeOffset Offered_At { get; init; }

    public string State { get; init; } = "";

    public string? Consent_Reference { get; init; }

    public byte[]? Consent_Hash { get; init; }

    public DateTimeOffset? Consented_At { get; init; }

    public Guid? Approval { get; init; }

    /// <summary>The second person's word; null while it is not given.</summary>
    public bool? Agreed { get; init; }

    public DateOnly? Switch_Day { get; init; }

    public string? Outcome { get; init; }

    public PrepaymentFigures Said => JsonSerializer.Deserialize<PrepaymentFigures>(Figures, ApiJson.Options)!;

    public PrepaymentOfferAnswer ToAnswer() =>
        new(Id, Said, Text_Version, Text_Zh, Text_En, Offered_At, State, Consented_At, Approval, Agreed, Switch_Day, Outcome);
}
