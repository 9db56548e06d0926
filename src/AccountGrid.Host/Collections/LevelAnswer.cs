namespace AccountGrid.Host.Collections;

/// <summary>A low-balance level: when the balance falls below the amount, the customer is told.</summary>
/// <param name="Kind"><c>amount</c>, <c>days</c>, <c>exhausted</c> or <c>creditUsed</c>.</param>
/// <param name="Days">Days of supply, of a level by days: its amount is what they are forecast to cost. Null of others.</param>
public sealed record LevelAnswer(string Kind, int? Days, string Amount);
