namespace AccountGrid.Host.Collections;

/// <summary>A payment plan.</summary>
/// <param name="Total">Sum of the instalments, a decimal string in the account's currency.</param>
/// <param name="LastDay">Local day of the last instalment.</param>
/// <param name="State"><c>open</c>, <c>fulfilled</c>, <c>broken</c> or <c>cancelled</c>.</param>
/// <param name="EndedAt">Null while it is open.</param>
/// <param name="AgreedBy">Who agreed it with the customer.</param>
/// <param name="ApprovedBy">The second person; null where none was needed.</param>
public sealed record PlanAnswer(
    string Account, DateTimeOffset AgreedAt, IReadOnlyList<PlanInstalment> Instalments, string Total, DateOnly LastDay, string State,
    DateTimeOffset? EndedAt, string AgreedBy, string? ApprovedBy);
