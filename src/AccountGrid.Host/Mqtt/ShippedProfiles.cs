using System.Reflection;
using AccountGrid.Host.Database;

namespace AccountGrid.Host.Mqtt;

/// <summary>Profiles by name or file.</summary>
internal static class ShippedProfiles
{
    private const string Prefix = "AccountGrid.Host.Mqtt.Profiles.";

    /// <summary>Bytes of a profile's file.</summary>
    private const int BytesMax = 256 << 10;

    public static IReadOnlyList<string> Names { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^".json".Length]).Order(StringComparer.Ordinal)];

    /// <summary>The bytes of a shipped profile, or of a file.</summary>
    /// <exception cref="StartException">There is neither.</exception>
    public static byte[] Load(string nameOrFile)
    {
        if (Names.Contains(nameOrFile))
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{nameOrFile}.json")!;
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }

        try
        {
            var file = new FileInfo(nameOrFile);
            return file.Exists && file.Length <= BytesMax
                ? File.ReadAllBytes(nameOrFile)
                : throw new StartException($"{nameOrFile}: neither a profile ({string.Join(", ", Names)}) nor a file of at most {BytesMax >> 10} KiB.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{nameOrFile}: it cannot be read: {e.Message}");
        }
    }

    /// <summary>All profiles of the settings, checked one by one and against each other.</summary>
    /// <exception cref="StartException">One line with the first problem.</exception>
    public static IReadOnlyList<MqttProfile> Read(MqttOptions options)
    {
        var profiles = new List<MqttProfile>();
        foreach (var name in options.Profiles.Count == 0 ? ["accountgrid"] : options.Profiles)
        {
            var (profile, wrong) = ProfileReader.Read(Load(name), options.Zone);
            profiles.Add(profile ?? throw new StartException($"Profile {name}: {wrong[0]}{(wrong.Count > 1 ? $" ({wrong.Count - 1} further)" : "")}"));
        }

        return ProfileConflicts.Of(profiles).FirstOrDefault() is { } conflict ? throw new StartException($"Mqtt__Profiles: {conflict}") : profiles;
    }
}
