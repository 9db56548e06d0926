namespace AccountGrid.Domain.Refusals;

/// <summary>A business refusal: a code of the catalogue, and a sentence that names the field, the value and what would be right.</summary>
public sealed record Refusal(RefusalCode Code, string Detail);
