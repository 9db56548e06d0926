using AccountGrid.Host.Operations;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>The configuration in force.</summary>
/// <param name="IsAll">Settings that have their default are shown, too.</param>
public sealed record ConfigurationModel(bool IsAll, ConsolePart<ConfigurationAnswer> Configuration);
