using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace AccountGrid.Testing;

/// <summary><c>docker-compose.yml</c> of this checkout as JSON, its merges resolved, and the image's entry point.</summary>
public static partial class ComposeFile
{
    public static string Root { get; } = FindRoot();

    /// <summary>Variables that the file requires, by name.</summary>
    public static IReadOnlySet<string> Required => Needs().Matches(Text).Select(m => m.Groups[1].Value).ToHashSet();

    private static string Text => File.ReadAllText(Path.Combine(Root, "docker-compose.yml"));

    /// <summary>The file as it is written.</summary>
    public static JsonElement Read() => Read(Text);

    /// <summary>The file with its variables put in, as <c>docker compose</c> reads it.</summary>
    public static JsonElement Read(IReadOnlyDictionary<string, string> variables) =>
        Read(Needs().Replace(Text, m => variables.TryGetValue(m.Groups[1].Value, out var value) ? value : throw new InvalidOperationException(m.Value)));

    /// <summary>What the image starts, whatever arguments a container gives.</summary>
    public static string[] EntryPoint() => Instruction("ENTRYPOINT ");

    /// <summary>Arguments of the program where a container gives none.</summary>
    public static string[] Arguments() => Instruction("CMD ");

    private static string[] Instruction(string name)
    {
        var line = File.ReadLines(Path.Combine(Root, "Dockerfile")).Single(l => l.StartsWith(name, StringComparison.Ordinal));
        return JsonSerializer.Deserialize<string[]>(line[name.Length..])!;
    }

    private static JsonElement Read(string text)
    {
        var parser = new MergingParser(new YamlDotNet.Core.Parser(new StringReader(text)));
        var tree = new DeserializerBuilder().Build().Deserialize(parser);
        return JsonDocument.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(tree!)).RootElement;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "docker-compose.yml")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }

    [GeneratedRegex(@"\$\{([A-Z_]+):\?[^}]*\}")]
    private static partial Regex Needs();
}
