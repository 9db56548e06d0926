using System.Text.Json;

namespace AccountGrid.Host.Prices;

/// <summary>Asks for a version of a product or of a policy pack to be published. A second person must agree.</summary>
/// <param name="Kind"><c>tariff</c>, <c>policy</c>, or <c>tariff-withdrawal</c> of a product's version that has not begun.</param>
/// <param name="Definition">As <c>POST /v1/tariffs</c> or <c>POST /v1/policies</c> takes it; of a withdrawal <c>id</c> and <c>version</c>.</param>
/// <param name="Reason">Why; kept, and shown to the second person.</param>
/// <param name="DryRun">Says what it would be and changes nothing.</param>
internal sealed record PublicationRequest(string Kind, JsonElement Definition, string Reason, bool DryRun = false);
