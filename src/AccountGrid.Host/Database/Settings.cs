using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace AccountGrid.Host.Database;

/// <summary>Sections of the configuration as options, each value checked.</summary>
internal static class Settings
{
    /// <summary>
    /// A section, with defaults for what it does not set. Throws <see cref="StartException"/> with one line that names the first setting that is unknown, cannot
    /// be read or is out of its range, and what would be right.
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
            throw new StartException($"Section {section} of the settings (as an environment variable {section}__...): {e.Message}");
        }
    }

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
    internal static bool IsGroup(Type type) => type.IsClass && type != typeof(string) && !typeof(IEnumerable).IsAssignableFrom(type) && type.Assembly == Assembly.GetExecutingAssembly();
}
