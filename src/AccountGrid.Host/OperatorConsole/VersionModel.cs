using AccountGrid.Host.Prices;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>A version, alone or beside another.</summary>
/// <param name="Kind"><c>tariff</c> or <c>policy</c>.</param>
/// <param name="Versions">All of the product or pack, the latest first.</param>
/// <param name="With">Number of the version that it is compared with; null is none.</param>
/// <param name="IsAll">Members that are the same are shown, too.</param>
public sealed record VersionModel(
    string Kind, IReadOnlyList<DefinitionVersion> Versions, DefinitionVersion Version, int? With, bool IsAll, IReadOnlyList<DefinitionRow> Rows);
