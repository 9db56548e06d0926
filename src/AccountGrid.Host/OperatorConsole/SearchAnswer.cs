namespace AccountGrid.Host.OperatorConsole;

/// <param name="More">Kinds of which there are more than are shown.</param>
public sealed record SearchAnswer(IReadOnlyList<SearchHit> Hits, IReadOnlyList<string> More);
