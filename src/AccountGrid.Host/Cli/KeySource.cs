using AccountGrid.Host.Database;


namespace AccountGrid.Host.Cli;

/// <summary>Which API key a verb uses. A key on the command line can be read by every user of the machine; a file's and the environment's cannot.</summary>
internal static class KeySource
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "ACCOUNTGRID_KEY";

    /// <param name="key">As it stands on the command line.</param>
    /// <param name="file">A file that holds it.</param>
    /// <param name="variable">The environment's.</param>
    /// <returns>The command line's before the environment's; null where there is none.</returns>
    /// <exception cref="StartException">A key and a file are given, or the file cannot be read or holds none.</exception>
    public static string? Read(string? key, string? file, string? variable)
    {
        if (file is null)
        {
            return key ?? (string.IsNullOrWhiteSpace(variable) ? null : variable.Trim());
        }

        if (key is not null)
        {
            throw new StartException("--key and --key-file are both given; give one of them.");
        }

        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } read ? read : throw new StartException($"--key-file: {file} is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--key-file: {file} cannot be read: {e.Message}");
        }
    }
}
