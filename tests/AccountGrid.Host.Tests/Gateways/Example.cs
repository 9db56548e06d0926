namespace AccountGrid.Host.Tests.Gateways;

/// <summary>The programs under examples/.</summary>
internal static class Example
{
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "AccountGrid.sln")))
            {
                folder = folder.Parent;
            }

            return folder.FullName;
        }
    }

    /// <summary>Where its own build puts it, with all that it needs.</summary>
    public static string ProgramOf(string name)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var project = $"AccountGrid.Examples.{name}";
        return Path.Combine(Root, "examples", project, "bin", output.Parent!.Name, output.Name, $"{project}.dll");
    }
}
