using System.Text.Json;
using System.Text.RegularExpressions;

namespace AccountGrid.Host.Tests;

/// <summary>Names of members and parameters have one spelling.</summary>
public sealed partial class ApiNameTests(GridFixture grid)
{
    [Fact]
    public async Task Members_and_parameters_are_camelCase()
    {
        using var document = JsonDocument.Parse(await grid.Http.GetStringAsync("/openapi/v1.json"));
        var names = new HashSet<string>();
        Members(document.RootElement.GetProperty("components").GetProperty("schemas"), "", names);
        Assert.True(names.Count > 500, $"Only {names.Count} members were found.");
        foreach (var path in document.RootElement.GetProperty("paths").EnumerateObject())
        {
            names.UnionWith(path.Value.EnumerateObject().Where(o => o.Value.TryGetProperty("parameters", out _))
                .SelectMany(o => o.Value.GetProperty("parameters").EnumerateArray()).Where(p => p.GetProperty("in").GetString() != "header")
                .Select(p => $"{path.Name}: {p.GetProperty("name").GetString()}"));
        }

        Assert.Empty(names.Where(n => !CamelCase().IsMatch(n.Split(' ')[^1])).Order());
    }

    /// <summary>Members of all schemas, wherever they are nested.</summary>
    private static void Members(JsonElement e, string of, HashSet<string> names)
    {
        if (e.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in e.EnumerateArray())
            {
                Members(item, of, names);
            }
        }
        else if (e.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in e.EnumerateObject())
            {
                if (member.Name == "properties" && of.Length > 0)
                {
                    names.UnionWith(member.Value.EnumerateObject().Select(p => $"{of}: {p.Name}"));
                }

                Members(member.Value, of.Length > 0 ? of : member.Name, names);
            }
        }
    }

    [GeneratedRegex("^[a-z][a-zA-Z0-9]*$")]
    private static partial Regex CamelCase();
}
