using System.Globalization;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Addresses of the console's pages. Ids stand in them escaped, so that an address never leads elsewhere, whatever an id is.</summary>
public static class ConsoleLinks
{
    public static string Account(string id) => $"/console/accounts/{Uri.EscapeDataString(id)}";

    public static string Meter(string id) => $"/console/meters/{Uri.EscapeDataString(id)}";

    public static string Case(string id) => $"/console/cases/{Uri.EscapeDataString(id)}";

    /// <summary>The form of an action.</summary>
    /// <param name="id">Of what it is done with; null for the grid itself.</param>
    /// <param name="back">Where to go afterwards.</param>
    public static string Act(string action, string? id, string back, params IEnumerable<(string Name, string Value)> fields) =>
        $"/console/do/{action}?back={Uri.EscapeDataString(back)}{(id is null ? "" : $"&id={Uri.EscapeDataString(id)}")}"
            + string.Concat(fields.Select(f => $"&{f.Name}={Uri.EscapeDataString(f.Value)}"));

    /// <summary>A list with filters, without those that are empty.</summary>
    public static string List(string path, params IEnumerable<(string Name, string? Value)> query)
    {
        var given = query.Where(q => !string.IsNullOrEmpty(q.Value)).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}").ToList();
        return given.Count == 0 ? path : $"{path}?{string.Join('&', given)}";
    }

    /// <summary>A list with its filters, without what it says was just done.</summary>
    public static string WithoutDone(string here)
    {
        var parts = here.Split('?', 2);
        return parts.Length == 1
            ? here
            : List(parts[0], parts[1].Split('&').Select(p => p.Split('=', 2)).Where(p => p.Length == 2 && p[0] is not ("done" or "asked"))
                .Select(p => (p[0], (string?)Uri.UnescapeDataString(p[1].Replace('+', ' ')))));
    }

    public static string Channel(string id) => $"/console/channels/{Uri.EscapeDataString(id)}";

    /// <summary>The list of products or policy packs.</summary>
    public static string Versions(string kind) => kind == "tariff" ? "/console/tariffs" : "/console/policies";

    public static string Version(string kind, string id, int version) => $"{Versions(kind)}/{Uri.EscapeDataString(id)}/{Text(version)}";

    public static string Debits(string channel) => $"/console/debits/{Uri.EscapeDataString(channel)}";

    /// <summary>The form of a kind of file.</summary>
    public static string File(string kind, string? channel) => List($"/console/files/{kind}", ("channel", channel));

    public static string Webhook(Guid id) => $"/console/webhooks/{id}";

    public static string Agent(string id) => $"/console/agents/{Uri.EscapeDataString(id)}";

    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A path of the console to go back to; the start page for anything else, which could lead to another site, and for the sign-in, which could lead round and
    /// round.
    /// </summary>
    public static string Back(string? path) =>
        path is not null
            && (path == "/console" || path.StartsWith("/console/", StringComparison.Ordinal) || path.StartsWith("/console?", StringComparison.Ordinal))
            && !path.StartsWith("/console/sign", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl)
            ? path
            : "/console";
}
