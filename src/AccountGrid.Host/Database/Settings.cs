using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AccountGrid.Host.Database;

/// <summary>Sections of the configuration as options, each value checked.</summary>
internal static partial class Settings
{
    /// <summary>
    /// A section, with defaults for what it does not set. Throws <see cref="StartException"/> with one line that names the first setting that is unknown,
    /// cannot be read or is out of its range, and what would be right.
    /// </summary>
    public static T Of<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        try
        {
            var options = configuration.GetSection(section).Get<T>(o => o.ErrorOnUnknownConfiguration = true) ?? new T();
            Check(options, section);
            return options;
        }
        catch (InvalidOperationException e)
        {
            throw new StartException($"Section {section} of the settings (as an environment variable {section}__...): {Plainly(e.Message)}");
        }
    }

    /// <summary>The binder names its own options and types of .NET, which nobody who sets a value knows.</summary>
    private static string Plainly(string message) => (NotFound().Match(message), NotConverted().Match(message)) switch
    {
        ({ Success: true } unknown, _) => $"there is no setting {unknown.Groups["names"].Value}; docs/settings.md has all.",
        (_, { Success: true } wrong) => $"'{wrong.Groups["value"].Value}' at {wrong.Groups["path"].Value} is not {RightFor(wrong.Groups["type"].Value)}.",
        _ => message,
    };

    private static string RightFor(string type) => type switch
    {
        "Int16" or "Int32" or "Int64" => "a whole number",
        "Double" or "Decimal" => "a number such as 0.5",
        "Boolean" => "true or false",
        _ => "a value of this setting",
    };

    [GeneratedRegex("the following properties were not found on the instance of [^:]+: (?<names>.+)$", RegexOptions.Singleline)]
    private static partial Regex NotFound();

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<path>.*)' to type '(System\\.)?(?<type>.*)'", RegexOptions.Singleline)]
    private static partial Regex NotConverted();

    private static void Check(object options, string name)
    {
        var wrong = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), wrong, validateAllProperties: true))
        {
            var property = wrong[0].MemberNames.First();
            throw new StartException($"{name}__{property} is {options.GetType().GetProperty(property)!.GetValue(options)}: {wrong[0].ErrorMessage}");
        }

        foreach (var part in options.GetType().GetProperties().Where(p => IsGroup(p.PropertyType)))
        {
            Check(part.GetValue(options)!, $"{name}__{part.Name}");
        }
    }

    /// <summary>Whether a property is a group of settings, not one setting.</summary>
    internal static bool IsGroup(Type type) =>
        type.IsClass && type != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(type) && type.Assembly == Assembly.GetExecutingAssembly();
}
