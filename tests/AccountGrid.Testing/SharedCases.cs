namespace AccountGrid.Testing;

/// <summary>Inputs that failed once, and real files, where they lie beside the checkout. Tests that need them say so where they do not; what is essential in them tests also have inline.</summary>
public static class SharedCases
{
    public const string Missing = "The shared cases are not beside this checkout.";

    public static string? Find(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "shared", "cases", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }
}
