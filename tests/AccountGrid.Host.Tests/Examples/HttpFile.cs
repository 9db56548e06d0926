using System.Globalization;
using System.Text.RegularExpressions;

namespace AccountGrid.Host.Tests.Examples;

/// <summary>
/// A .http file: requests behind lines of ###, variables behind @, names of answers as <c># @name</c>. Editors pass over comments; in those, tests find which
/// status is right and what is waited for.
/// </summary>
internal sealed partial class HttpFile
{
    private HttpFile(IReadOnlyDictionary<string, string> variables, IReadOnlyList<HttpRequestText> requests) => (Variables, Requests) = (variables, requests);

    public IReadOnlyDictionary<string, string> Variables { get; }

    public IReadOnlyList<HttpRequestText> Requests { get; }

    public static HttpFile Read(string path)
    {
        var parts = Regex.Split(File.ReadAllText(path), "^###", RegexOptions.Multiline);
        var variables = parts[0].Split('\n').Where(l => l.StartsWith('@')).Select(l => l[1..].Split('=', 2))
            .ToDictionary(v => v[0].Trim(), v => v[1].Trim());
        return new(variables, [.. parts.Skip(1).Select(Request)]);
    }

    private static HttpRequestText Request(string text)
    {
        var lines = text.Split('\n').Select(l => l.TrimEnd('\r')).ToList();
        var comments = lines.Skip(1).TakeWhile(l => l.StartsWith('#')).ToList();
        string? Comment(string word) => comments.Find(c => c.StartsWith($"# {word} ", StringComparison.Ordinal))?[(word.Length + 3)..];
        var head = lines.Skip(1 + comments.Count).TakeWhile(l => l.Length > 0).ToList();
        var asked = head[0].Split(' ', 2);
        var body = string.Join('\n', lines.Skip(1 + comments.Count + head.Count)).Trim();
        return new(
            lines[0].Trim(), Comment("@name"), Comment("expect") is { } status ? int.Parse(status, CultureInfo.InvariantCulture) : null, Comment("until"),
            Comment("again"), int.Parse(Comment("later") ?? "0", CultureInfo.InvariantCulture), asked[0], asked[1],
            [.. head.Skip(1).Select(h => h.Split(':', 2)).Select(h => (h[0], h[1].Trim()))], body);
    }

    /// <summary>A text with its variables, and what answers to named requests said, put in.</summary>
    public static string Fill(string text, Func<string, string> find) => Place().Replace(text, m => find(m.Groups[1].Value.Trim()));

    [GeneratedRegex(@"\{\{([^{}]+)\}\}")]
    private static partial Regex Place();
}
