namespace AccountGrid.Host.OperatorConsole;

/// <summary>What was found, by kind.</summary>
public sealed record SearchModel(string Text, IReadOnlyList<IGrouping<string, SearchHit>> Groups, string? Error);
