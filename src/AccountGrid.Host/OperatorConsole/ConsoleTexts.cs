using System.Collections.Frozen;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What the console says, in one language. The file has each text in both on one line: neither can have one that the other lacks.</summary>
public sealed class ConsoleTexts
{
    private readonly FrozenDictionary<string, string> _texts;

    private ConsoleTexts(string language, int column)
    {
        Language = language;
        _texts = Lines().ToFrozenDictionary(l => l[0], l => l[column]);
    }

    public static ConsoleTexts English { get; } = new("en", 1);

    public static ConsoleTexts Chinese { get; } = new("zh-CN", 2);

    public string Language { get; }

    internal IEnumerable<string> Keys => _texts.Keys;

    /// <summary>A text by its key. Throws <see cref="KeyNotFoundException"/> where there is none.</summary>
    public string this[string key] => _texts[key];

    /// <summary>The text of a code; the code itself where it has none: codes come from tables, and a new one must not break a page.</summary>
    public string Or(string kind, string code) => _texts.GetValueOrDefault($"{kind}.{code}", code);

    /// <param name="language">A language, or what a browser asks for, best first.</param>
    public static ConsoleTexts Of(string language) => language.Split(',', StringSplitOptions.TrimEntries)
        .Select(l => l.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : l.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? English : null)
        .FirstOrDefault(t => t is not null) ?? English;

    private static IEnumerable<string[]> Lines()
    {
        using var stream = typeof(ConsoleTexts).Assembly.GetManifestResourceStream("AccountGrid.Host.OperatorConsole.Assets.texts.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('|'))];
    }
}
