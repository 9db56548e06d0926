using System.Reflection;
using ArchUnitNET.Loader;

namespace AccountGrid.LoadTest.Tests;

/// <summary>
/// Which folders of an assembly need which others, read from its compiled types: a folder is the first part of a namespace behind the assembly's own.
/// </summary>
internal static class FolderGraph
{
    /// <summary>Folder of types that lie in the assembly's own namespace.</summary>
    public const string Root = "(root)";

    /// <summary>All edges, each with one type that makes it.</summary>
    public static SortedDictionary<string, string> Edges(Assembly assembly, string ownNamespace)
    {
        var edges = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var type in new ArchLoader().LoadAssemblies(assembly).Build().Types)
        {
            if (FolderOf(type.FullName, ownNamespace) is not { } from)
            {
                continue;
            }

            foreach (var target in type.Dependencies.Select(d => d.Target))
            {
                if (FolderOf(target.FullName, ownNamespace) is { } to && to != from)
                {
                    edges.TryAdd($"{from} > {to}", $"{type.FullName} needs {target.FullName}");
                }
            }
        }

        return edges;
    }

    /// <summary>Edges that go against an order, lowest folder first, or lead to a folder that it does not name.</summary>
    public static List<string> Against(IEnumerable<string> edges, IReadOnlyList<string> order) =>
        [
            .. edges.Where(
                e => e.Split(" > ") is var ends && (order.Contains(ends[0]), order.Contains(ends[1])) is var known
                    && (known != (true, true) || order.ToList().IndexOf(ends[0]) < order.ToList().IndexOf(ends[1])))];

    private static string? FolderOf(string fullName, string ownNamespace)
    {
        if (!fullName.StartsWith(ownNamespace + ".", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = fullName[(ownNamespace.Length + 1)..];
        var dot = rest.IndexOfAny(['.', '+', '/', '`', '<']);
        return dot > 0 && rest[dot] == '.' ? rest[..dot] : Root;
    }
}
