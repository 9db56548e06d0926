using System.Text.Json;

namespace AccountGrid.LoadTest.Failover;

/// <summary>A node as Patroni's API shows it at <c>/cluster</c>.</summary>
/// <param name="Role"><c>leader</c>, <c>sync_standby</c> or <c>replica</c>.</param>
/// <param name="State"><c>running</c> or, of a standby that follows, <c>streaming</c>; others are on their way or have failed.</param>
internal sealed record PatroniMember(string Name, string Role, string State)
{
    public bool Runs => State is "running" or "streaming";

    public static IReadOnlyList<PatroniMember> Parse(string cluster)
    {
        using var document = JsonDocument.Parse(cluster);
        return
        [
            .. document.RootElement.GetProperty("members").EnumerateArray()
                .Select(m => new PatroniMember(TextOf(m, "name"), TextOf(m, "role"), TextOf(m, "state"))),
        ];
    }

    /// <summary>Whether all nodes of a cluster run, one of them leads, and another one is its synchronous standby.</summary>
    public static bool IsWhole(IReadOnlyList<PatroniMember> members, int nodes) =>
        members.Count == nodes && members.All(m => m.Runs) && members.Count(m => m.Role == "leader") == 1 && members.Any(m => m.Role == "sync_standby");

    private static string TextOf(JsonElement member, string name) => member.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
