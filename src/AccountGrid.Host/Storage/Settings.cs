namespace AccountGrid.Host.Storage;

/// <summary>Sections of the configuration as options.</summary>
internal static class Settings
{
    /// <summary>A section, with defaults for what it does not set. Throws <see cref="StartException"/> with one line for a value that cannot be read.</summary>
    public static T Of<T>(IConfiguration configuration, string section)
        where T : class, new()
    {
        try
        {
            return configuration.GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException e)
        {
            throw new StartException($"Section {section} of the settings (as an environment variable {section}__...): {e.Message}");
        }
    }
}
