namespace AccountGrid.Testing;

/// <summary>
/// Inputs that failed once, and real files. Tests that need them say so where they are missing; what is essential in them tests also have inline.
/// </summary>
public static class SharedCases
{
    public const string Missing = "The inputs that failed once are not here: ACCOUNTGRID_CASES names their folder.";

    public static string? Find(string name) => RealFiles.Case(name);
}
