namespace AccountGrid.Host.OperatorConsole;

/// <summary>What each role may do, by the API's table.</summary>
/// <param name="Roles">Names of roles, as texts have them.</param>
/// <param name="Rows">Names of permissions, and for each role whether it has it.</param>
public sealed record RolesModel(IReadOnlyList<string> Roles, IReadOnlyList<(string Permission, IReadOnlyList<bool> Allowed)> Rows);
