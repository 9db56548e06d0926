namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A count or a sum that the file declares of itself, and that was found to be so.</summary>
/// <param name="Name">Of the field, as the file or the mapping names it.</param>
public sealed record DeclaredTotal(int Line, string Name, decimal Value);
