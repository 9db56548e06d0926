using System.Text.Json;

namespace AccountGrid.Host.Prices;

/// <summary>A publication as it is kept for the second person.</summary>
internal sealed record PublicationApproval(string Kind, string Id, int Version, string? FirstDay, string Reason, JsonElement Definition)
{
    /// <summary>Kind of the approval.</summary>
    public const string ApprovalKind = "publication";
}
