namespace AccountGrid.Host.Prices;

/// <summary>A member of a definition, or what differs of it between two.</summary>
/// <param name="Path">Such as <c>rates[peak].price</c>: elements of lists are named by their own name where they have one.</param>
/// <param name="Before">Null where the first definition has it not.</param>
/// <param name="After">Null where the second has it not.</param>
public sealed record DefinitionRow(string Path, string? Before, string? After)
{
    public bool Differs => Before != After;
}
