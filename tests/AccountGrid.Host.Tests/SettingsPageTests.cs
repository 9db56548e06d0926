using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;

namespace AccountGrid.Host.Tests;

/// <summary>The page of settings is made from the options classes: their comments, ranges and defaults.</summary>
public sealed partial class SettingsPageTests
{
    private static readonly XElement Comments = XElement.Load(Path.ChangeExtension(typeof(GridOptions).Assembly.Location, ".xml"));

    [Fact]
    public async Task The_page_of_settings_says_what_the_options_classes_say()
    {
        var page = Page();
        var file = Path.Combine(Root(), "docs", "settings.md");
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "settings.md"), page, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), page);
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append(
            "# Settings\n\nEnvironment variables, or arguments such as `--Grid:Partitions=64`. A setting that is unknown, cannot be read or is out of its "
                + "range stops the start with one line. ");
        page.Append(
            "This page is made from the options classes by a test.\n\n`ConnectionStrings__AccountGrid` is the database; without it the process starts a "
                + "private server in its data folder.\n");
        foreach (var section in typeof(HostSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Add(page, section.Name, Activator.CreateInstance(section.PropertyType)!);
        }

        return page.ToString();
    }

    private static void Add(StringBuilder page, string section, object options)
    {
        page.Append(CultureInfo.InvariantCulture,
            $"\n## {section}\n\n{Comment($"T:{options.GetType().FullName}")}\n\n| setting | default | range | what it is |\n|---|---|---|---|\n");
        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToList();
        foreach (var p in properties.Where(p => !Settings.IsGroup(p.PropertyType)))
        {
            var comment = Comment($"P:{p.DeclaringType!.FullName}.{p.Name}");
            Assert.True(comment.Length > 0, $"{section}__{p.Name} has no comment.");
            page.Append(CultureInfo.InvariantCulture,
                $"| `{section}__{p.Name}` | {DefaultOf(p.GetValue(options))} | {RangeOf(p)} | {comment.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        foreach (var p in properties.Where(p => Settings.IsGroup(p.PropertyType)))
        {
            Add(page, $"{section}__{p.Name}", p.GetValue(options)!);
        }
    }

    private static string DefaultOf(object? value) => value switch
    {
        null or "" => "",
        bool b => b ? "`true`" : "`false`",
        string text => $"`{text}`",
        System.Collections.IEnumerable many => many.Cast<object>().Any() ? "see the text" : "",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
    };

    private static string RangeOf(PropertyInfo p) =>
        (p.GetCustomAttribute<RangeAttribute>(), p.GetCustomAttribute<AllowedValuesAttribute>(), p.PropertyType) switch
        {
            ({ Maximum: long.MaxValue or int.MaxValue } r, _, _) => string.Create(CultureInfo.InvariantCulture, $"{r.Minimum:N0} or more"),
            ({ } r, _, _) => string.Create(CultureInfo.InvariantCulture, $"{r.Minimum:N0} to {r.Maximum:N0}"),
            (_, { } allowed, _) => string.Join(", ", allowed.Values.Select(v => $"`{v}`")),
            (_, _, { } type) when type == typeof(bool) => "`true`, `false`",
            _ => "",
        };

    /// <summary>A comment as text: references by their last name.</summary>
    private static string Comment(string member)
    {
        var summary = Comments.Descendants("member").FirstOrDefault(m => (string?)m.Attribute("name") == member)?.Element("summary");
        if (summary is null)
        {
            return "";
        }

        var text = string.Concat(summary.Nodes().Select(n => n switch
        {
            XElement { Name.LocalName: "see" } see => $"`{((string)see.Attribute("cref")!).Split('.')[^1]}`",
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement other => other.Value,
            _ => n.ToString(),
        }));
        return Blanks().Replace(text, " ").Trim().Replace("&amp;", "&", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal);
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

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
