using System.Text.Json.Nodes;

namespace AccountGrid.Host.Prices;

/// <summary>
/// Two versions of a definition side by side, member by member. Lists of plain values are sets: one that is inserted marks no other. Elements with a name of
/// their own are compared by it, and only others by their place. Where they stand decides too, such as the first rule of a schedule that fits: a row
/// of its own says the order, unless elements are only added or left out at the end.
/// </summary>
internal static class DefinitionDifferences
{
    /// <summary>Members that name an element of a list.</summary>
    private static readonly string[] Names = ["id", "name", "code", "key", "kind", "rate", "stage", "from"];

    /// <summary>All members of both, in the order of the first and then of the second.</summary>
    public static IReadOnlyList<DefinitionRow> Of(JsonNode? before, JsonNode? after)
    {
        var rows = new List<DefinitionRow>();
        Add(rows, "", before, after);
        return rows;
    }

    private static void Add(List<DefinitionRow> rows, string path, JsonNode? before, JsonNode? after)
    {
        if (before is JsonObject or null && after is JsonObject or null && (before ?? after) is JsonObject)
        {
            if (before is null != after is null && (before ?? after) is JsonObject { Count: 0 })
            {
                rows.Add(new(path, Text(before), Text(after)));
            }

            var (left, right) = (before as JsonObject, after as JsonObject);
            foreach (var name in NamesOf(left?.Select(m => m.Key), right?.Select(m => m.Key)))
            {
                Add(rows, path.Length == 0 ? name : $"{path}.{name}", left?[name], right?[name]);
            }
        }
        else if (before is JsonArray or null && after is JsonArray or null && (before ?? after) is JsonArray)
        {
            AddLists(rows, path, before as JsonArray, after as JsonArray);
        }
        else if (before is not null || after is not null)
        {
            rows.Add(new(path, Text(before), Text(after)));
        }
    }

    private static void AddLists(List<DefinitionRow> rows, string path, JsonArray? before, JsonArray? after)
    {
        if ((before ?? []).Concat(after ?? []).All(e => e is JsonValue))
        {
            AddSets(rows, path, before, after);
            return;
        }

        var (left, right) = (Keyed(before, after, before), Keyed(before, after, after));
        var (first, second) = (left.Select(e => e.Key).ToList(), right.Select(e => e.Key).ToList());
        var common = Math.Min(first.Count, second.Count);
        if (!first.Take(common).SequenceEqual(second.Take(common)))
        {
            rows.Add(new($"{path} (order)", Join(first), Join(second)));
        }

        var (befores, afters) = (left.ToDictionary(), right.ToDictionary());
        foreach (var key in NamesOf(first, second))
        {
            Add(rows, $"{path}[{key}]", befores.GetValueOrDefault(key), afters.GetValueOrDefault(key));
        }
    }

    /// <summary>Lists of values: the same, or what only one of them has.</summary>
    private static void AddSets(List<DefinitionRow> rows, string path, JsonArray? before, JsonArray? after)
    {
        var (left, right) = (before?.Select(Text).ToList(), after?.Select(Text).ToList());
        if (left is null || right is null || left.Order(StringComparer.Ordinal).SequenceEqual(right.Order(StringComparer.Ordinal)))
        {
            rows.Add(new(path, Join(left), left is null || right is null ? Join(right) : Join(left)));
            return;
        }

        rows.Add(new(path, Join(Without(left, right)), Join(Without(right, left))));
    }

    /// <summary>What is left of a list when each value of another is taken away once.</summary>
    private static List<string?> Without(List<string?> list, List<string?> others)
    {
        var left = new List<string?>(list);
        others.ForEach(o => left.Remove(o));
        return left;
    }

    /// <summary>Elements by the first member that names each of them in both lists, else by their place.</summary>
    private static List<KeyValuePair<string, JsonNode?>> Keyed(JsonArray? before, JsonArray? after, JsonArray? list)
    {
        bool IsName(JsonArray? all, string name) => all is null || (all.All(e => e is JsonObject o && o[name] is JsonValue)
            && all.Select(e => e![name]!.ToString()).Distinct().Count() == all.Count);
        var key = Names.FirstOrDefault(n => IsName(before, n) && IsName(after, n));
        return [.. (list ?? []).Select((e, i) => KeyValuePair.Create(key is null ? $"{i + 1}" : e![key]!.ToString(), e))];
    }

    private static IEnumerable<string> NamesOf(IEnumerable<string>? left, IEnumerable<string>? right) => (left ?? []).Union(right ?? []);

    private static string? Join(IEnumerable<string?>? values) => values is null ? null : string.Join(", ", values);

    private static string? Text(JsonNode? value) => value?.ToString();
}
