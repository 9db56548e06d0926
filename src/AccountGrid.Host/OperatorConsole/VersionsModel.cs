namespace AccountGrid.Host.OperatorConsole;

/// <summary>All products, or all policy packs, with their versions.</summary>
/// <param name="Kind"><c>tariff</c> or <c>policy</c>.</param>
public sealed record VersionsModel(string Kind, IReadOnlyList<DefinitionVersion> Versions);
