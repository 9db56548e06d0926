using System.Text.RegularExpressions;

namespace AccountGrid.Domain.Tests.HouseRules;

/// <summary>
/// Lines have at most 160 characters, files and classes 500 lines (all their files together), methods 60, and types are in files of their names. What goes
/// beyond is listed in Exceptions.txt, which can only shrink: a new entry and an entry that no longer holds both fail.
/// </summary>
public sealed partial class SourceRuleTests
{
    [Fact]
    public void Source_files_keep_their_limits_but_for_the_listed_exceptions()
    {
        var root = Root();
        var files = new[] { "src", "loadtest", "tests", "examples" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(root, f), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Split('/').Any(p => p is "obj" or "bin"))
            .Select(f => (f, File.ReadAllText(f)))
            .ToList();
        Assert.True(files.Count > 300, $"Only {files.Count} files were found.");
        var list = Path.Combine(root, "tests", "AccountGrid.Domain.Tests", "HouseRules", "Exceptions.txt");
        var found = SourceText.BeyondLimits(root, files);
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { } folder)
        {
            File.WriteAllLines(Path.Combine(folder, "Exceptions.txt"), found);
        }

        Assert.Equal(File.ReadLines(list).Where(l => l.Length > 0), found);
    }

    [Fact]
    public void What_goes_beyond_a_limit_is_found()
    {
        var overlong = $"// {new string('x', 158)}\n";
        var method = $"    public void M()\n    {{\n{string.Concat(Enumerable.Repeat("        M();\n", 58))}    }}\n";
        var text = $"{overlong}namespace N;\n\npublic class A\n{{\n{method}}}\n\npublic class B : A;\n\npublic class C;\n";
        Assert.Equal(["line src/P/A.cs 1", "method src/P/A.cs M 61", "type src/P/A.cs C"], SourceText.BeyondLimits("/r", [("/r/src/P/A.cs", text)]));
        var half = $"namespace N;\n\npublic partial class A\n{{\n{string.Concat(Enumerable.Repeat("    int x;\n", 248))}}}\n";
        Assert.Equal(["class P A 502"], SourceText.BeyondLimits("/r", [("/r/src/P/A.cs", half), ("/r/src/P/A.More.cs", half)]));
        Assert.Empty(SourceText.BeyondLimits("/r", [("/r/src/P/Events.cs", "namespace N;\n\npublic record X : E;\n\npublic record Y : E;\n")]));
    }

    /// <summary>Operators filter and alert by these numbers.</summary>
    [Fact]
    public void Each_log_message_has_an_event_id_of_its_own()
    {
        var ids = Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Split('/').Any(p => p is "obj" or "bin"))
            .SelectMany(f => EventId().Matches(File.ReadAllText(f)).Select(m => (Id: m.Groups[1].Value, File: Path.GetFileName(f)))).ToList();
        Assert.True(ids.Count > 30, $"Only {ids.Count} log messages were found.");
        Assert.Empty(ids.GroupBy(i => i.Id).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {string.Join(", ", g.Select(i => i.File))}"));
    }

    /// <summary>System's first, then by name; static ones follow, then aliases. The build's analyzers do not look at the order.</summary>
    [Fact]
    public void Usings_are_in_order()
    {
        var files = new[] { "src", "loadtest", "tests", "examples" }
            .SelectMany(f => Directory.EnumerateFiles(Path.Combine(Root(), f), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Split('/').Any(p => p is "obj" or "bin"))
            .Select(f => (Name: Path.GetFileName(f), Usings: UsingsOf(File.ReadAllText(f))))
            .ToList();
        Assert.True(files.Count(f => f.Usings.Count > 1) > 200, "Too few files with usings were found.");
        Assert.Empty(files.Where(f => !f.Usings.SequenceEqual(InOrder(f.Usings))).Select(f => f.Name));
        Assert.Equal(["System.Text", "A.B", "A.B.C", "AB", "static A.X", "Z = A.Y"], InOrder(["Z = A.Y", "AB", "A.B.C", "static A.X", "A.B", "System.Text"]));
    }

    /// <summary>Those before any condition of the preprocessor.</summary>
    private static List<string> UsingsOf(string text) => [.. Using().Matches($"\n{text}".Split("\n#if", 2)[0]).Select(m => m.Groups[1].Value)];

    private static IEnumerable<string> InOrder(IEnumerable<string> usings) => usings
        .OrderBy(u => u.Contains('=', StringComparison.Ordinal) ? 2 : u.StartsWith("static ", StringComparison.Ordinal) ? 1 : 0)
        .ThenBy(u => u == "System" || u.StartsWith("System.", StringComparison.Ordinal) ? 0 : 1)
        .ThenBy(u => u, StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(@"^using ([^(;]+);$", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"\[LoggerMessage\((\d+),")]
    private static partial Regex EventId();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AccountGrid.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
