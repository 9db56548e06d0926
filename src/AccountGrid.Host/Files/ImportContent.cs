namespace AccountGrid.Host.Files;

/// <summary>What a file holds: items in the order in which they depend on each other, what of it is refused, and what was read past on purpose.</summary>
public sealed record ImportContent(List<ImportItem> Items, List<string> Errors, List<string> Remarks);
