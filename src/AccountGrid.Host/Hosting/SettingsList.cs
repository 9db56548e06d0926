using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AccountGrid.Host.Database;
using AccountGrid.Host.Operations;

namespace AccountGrid.Host.Hosting;

/// <summary>All settings of a process with their values: made from the options classes, their comments, ranges and defaults.</summary>
/// <param name="code">How a name or a value stands in a text.</param>
internal sealed partial class SettingsList(Func<string, string> code)
{
    /// <summary>In place of a value that may be a secret.</summary>
    public const string Hidden = "***";

    /// <summary>The comments of the program lie beside it.</summary>
    private readonly Dictionary<string, XElement> _comments = ReadComments();

    public List<SettingSection> Of(HostSettings? settings)
    {
        var sections = new List<SettingSection>();
        foreach (var section in typeof(HostSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var defaults = Activator.CreateInstance(section.PropertyType)!;
            Add(sections, section.Name, settings is null ? defaults : section.GetValue(settings)!, defaults);
        }

        return sections;
    }

    private void Add(List<SettingSection> sections, string section, object options, object defaults)
    {
        var properties = options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToList();
        sections.Add(new(section, CommentOf($"T:{options.GetType().FullName}"),
            [.. properties.Where(p => !Settings.IsGroup(p.PropertyType)).Select(p => AnswerOf(section, p, p.GetValue(options), p.GetValue(defaults)))]));
        foreach (var p in properties.Where(p => Settings.IsGroup(p.PropertyType)))
        {
            Add(sections, $"{section}__{p.Name}", p.GetValue(options)!, p.GetValue(defaults)!);
        }
    }

    private SettingAnswer AnswerOf(string section, PropertyInfo p, object? value, object? byDefault)
    {
        var isShown = p.PropertyType.IsValueType || p.IsDefined(typeof(ShownSettingAttribute)) || p.IsDefined(typeof(AllowedValuesAttribute));
        var isChanged = TextOf(value, isShown: true) != TextOf(byDefault, isShown: true);
        return new(
            $"{section}__{p.Name}", TextOf(value, isShown), DefaultOf(byDefault), RangeOf(p), CommentOf($"P:{p.DeclaringType!.FullName}.{p.Name}"), isChanged);
    }

    /// <summary>A value as it may be shown.</summary>
    private static string TextOf(object? value, bool isShown) => value switch
    {
        null or "" => "",
        ICollection { Count: 0 } => "",
        _ when !isShown => Hidden,
        bool b => b ? "true" : "false",
        string text => text,
        IDictionary many => string.Join("; ", many.Keys.Cast<object>().Select(k => $"{k}: {TextOf(many[k], isShown)}")),
        IEnumerable many => string.Join("; ", many.Cast<object>().Select(m => TextOf(m, isShown))),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:#,0.#########}"),
    };

    private string DefaultOf(object? value) => value switch
    {
        null or "" => "",
        bool b => code(b ? "true" : "false"),
        string text => code(text),
        IEnumerable many => many.Cast<object>().Any() ? "see the text" : "",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
    };

    private string RangeOf(PropertyInfo p) =>
        (p.GetCustomAttribute<RangeAttribute>(), p.GetCustomAttribute<AllowedValuesAttribute>(), p.PropertyType) switch
        {
            ({ Maximum: long.MaxValue or int.MaxValue } r, _, _) => string.Create(CultureInfo.InvariantCulture, $"{r.Minimum:N0} or more"),
            ({ } r, _, _) => string.Create(CultureInfo.InvariantCulture, $"{r.Minimum:N0} to {r.Maximum:N0}"),
            (_, { } allowed, _) => string.Join(", ", allowed.Values.Select(v => code($"{v}"))),
            (_, _, { } type) when type == typeof(bool) => $"{code("true")}, {code("false")}",
            _ => "",
        };

    /// <summary>A comment as text: references by their last name. Empty where the program came without its comments.</summary>
    private string CommentOf(string member) => !_comments.TryGetValue(member, out var summary)
        ? ""
        : Blanks().Replace(string.Concat(summary.Nodes().Select(n => n switch
        {
            XElement { Name.LocalName: "see" } see => code(((string)see.Attribute("cref")!).Split('.')[^1]),
            XElement { Name.LocalName: "c" } c => code(c.Value),
            XElement other => other.Value,
            _ => n.ToString(),
        })), " ").Trim().Replace("&amp;", "&", StringComparison.Ordinal).Replace("&lt;", "<", StringComparison.Ordinal);

    private static Dictionary<string, XElement> ReadComments()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(SettingsList).Assembly.GetName().Name}.xml");
        return File.Exists(file)
            ? XElement.Load(file).Descendants("member").Where(m => m.Element("summary") is not null)
                .ToDictionary(m => (string)m.Attribute("name")!, m => m.Element("summary")!)
            : [];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
