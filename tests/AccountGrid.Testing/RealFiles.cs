namespace AccountGrid.Testing;

/// <summary>
/// Real interval data and inputs that failed once. They are not part of the repository: <c>ACCOUNTGRID_REAL_DATA</c> and <c>ACCOUNTGRID_CASES</c> name their
/// folders; else they are looked for in the folders <c>shared/data</c> and <c>shared/cases</c> beside the checkout. Tests say so where there are none.
/// </summary>
internal static class RealFiles
{
    /// <summary>Path of a file of real interval data; null where it is missing.</summary>
    public static string? Data(string name) => Find("ACCOUNTGRID_REAL_DATA", "data", name);

    /// <summary>Path of an input that failed once; null where it is missing.</summary>
    public static string? Case(string name) => Find("ACCOUNTGRID_CASES", "cases", name);

    private static string? Find(string variable, string kind, string name)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return Existing(Path.Combine(given, name)) ?? throw new FileNotFoundException($"{variable}: the folder '{given}' has no file '{name}'.");
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Existing(Path.Combine(folder.FullName, "shared", kind, name)) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
