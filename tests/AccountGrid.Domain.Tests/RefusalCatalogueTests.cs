using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace AccountGrid.Domain.Tests;

/// <summary>Codes of refusals stand in one catalogue, and the page of error codes is made from it.</summary>
public sealed class RefusalCatalogueTests
{
    private static readonly List<RefusalCode> All = [.. RefusalCatalogue.Subjects.SelectMany(s => s.Codes)];

    [Fact]
    public async Task The_page_of_error_codes_says_what_the_catalogue_says()
    {
        var page = Page();
        var file = Path.Combine(Root(), "docs", "error-codes.md");
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "error-codes.md"), page, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), page);
    }

    [Fact]
    public void Codes_are_distinct_and_each_says_what_it_means_and_what_to_do()
    {
        Assert.Equal(All.Count, All.Select(c => c.Text).Distinct().Count());
        Assert.All(All, c => Assert.Matches("^[a-z]+(_[a-z]+)*\\.[a-z0-9]+(_[a-z0-9]+)*$", c.Text));
        Assert.All(All, c => Assert.True(c.Status is 0 or (>= 400 and <= 599), $"{c}: {c.Status} is no status of an error."));
        Assert.All(All, c => Assert.True(c.Title.EndsWith('.') && c.Action.EndsWith('.'), $"{c}: both texts are sentences."));
    }

    [Fact]
    public void Every_code_of_the_catalogue_is_used()
    {
        var source = string.Concat(Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText));
        var names =
            typeof(RefusalCode).Assembly.GetTypes().SelectMany(t => t.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(p => p.PropertyType == typeof(RefusalCode)).Select(p => $"{p.DeclaringType!.Name}.{p.Name}").ToList();
        Assert.Equal(All.Count, names.Count);
        Assert.All(names, n => Assert.Matches($@"\b{n.Replace(".", "\\.", StringComparison.Ordinal)}\b", source));
    }

    [Fact]
    public void A_code_is_stored_as_its_text_and_found_by_it()
    {
        Assert.All(All, c => Assert.Same(c, JsonSerializer.Deserialize<RefusalCode>(JsonSerializer.Serialize(c))));
        Assert.Equal("\"account.unknown\"", JsonSerializer.Serialize(AccountRefusals.Unknown));
        Assert.Throws<KeyNotFoundException>(() => RefusalCatalogue.Find("account.nothing"));
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append(
            "# Error codes\n\nA problem (RFC 9457) has a stable `code` beside its HTTP status and a `detail` with the field, the value and what would be "
                + "right. ");
        page.Append("Programs compare the code; the detail is for people. Codes without a status mark an item or a reason within an answer. ");
        page.Append("This page is made from the catalogue in `AccountGrid.Domain/Refusals` by a test.\n");
        foreach (var subject in RefusalCatalogue.Subjects)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"\n## {subject.Name}\n\n{subject.Summary}\n\n| code | status | what it means | what to do |\n|---|---|---|---|\n");
            foreach (var c in subject.Codes)
            {
                page.Append(CultureInfo.InvariantCulture, $"| `{c}` | {(c.Status == 0 ? "" : c.Status)} | {c.Title} | {c.Action} |\n");
            }
        }

        return page.ToString();
    }

    private static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AccountGrid.sln")))
        {
            root = root.Parent;
        }

        return root?.FullName ?? throw new InvalidOperationException("The tests do not lie in their checkout.");
    }
}
