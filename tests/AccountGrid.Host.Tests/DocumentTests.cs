using System.Text.Json;
using System.Text.RegularExpressions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Tests;

/// <summary>What documents promise is there.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void The_documents_name_each_code_of_an_exception_and_each_part_of_a_pack()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "files.md"));

        // What counts, and what a person settled, is no exception.
        Assert.All(
            Enum.GetValues<VeeOutcome>().Where(o => o is not (VeeOutcome.Accepted or VeeOutcome.Settled)),
            o => Assert.Contains($"`{o.Code()}`", text, StringComparison.Ordinal));
        Assert.All(typeof(PolicyDefinition).GetProperties(),
            p => Assert.Contains($"`{JsonNamingPolicy.CamelCase.ConvertName(p.Name)}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_document_on_customers_names_each_kind_of_case()
    {
        var text = File.ReadAllText(Path.Combine(Root(), "docs", "customers.md"));
        Assert.All(Enum.GetValues<CaseKind>(), k => Assert.Contains($"| `{k.Code()}` |", text, StringComparison.Ordinal));
        Assert.All(Enum.GetValues<CaseKind>(), k => Assert.Equal(k, CaseKinds.Find(k.Code())));
    }

    /// <summary>Every promise of the document names its test; a test that was renamed or taken away takes its promise with it.</summary>
    [Fact]
    public void The_document_on_security_names_tests_that_exist()
    {
        var named = TestName().Matches(File.ReadAllText(Path.Combine(Root(), "src", "SECURITY.md"))).Select(m => m.Groups["name"].Value).Distinct().ToList();
        Assert.True(named.Count > 30);
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(Root(), "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.All(named, n => Assert.Matches($@" {n}\w*\(|class {n}\b", sources));
    }

    /// <summary>A method's name, perhaps its beginning only, or a class of tests.</summary>
    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*_[a-z][A-Za-z0-9_]*?|[A-Z][A-Za-z]*Tests)(?:_\\.\\.\\.)?`")]
    private static partial Regex TestName();

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AccountGrid.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
