namespace AccountGrid.Domain.Figures;

/// <summary>What may be shown of answers of persons. Source: SERVICE.md, formulas.</summary>
public static class SampleRules
{
    /// <summary>Below so many answers no number is shown, nor anything that is derived from it: what one person said must not be found out.</summary>
    public const int ShownFrom = 5;

    /// <summary>Below so many answers there is no rank: the interval is too wide for one.</summary>
    public const int RankedFrom = 30;

    public static bool IsShown(long answers) => answers >= ShownFrom;

    public static bool IsRanked(long answers) => answers >= RankedFrom;

    /// <summary>
    /// Ranks from 1 by the lower bound of the interval, highest first. Equal bounds have the same rank; what has too few answers has none, and takes no place.
    /// </summary>
    public static IReadOnlyList<int?> Ranks(IReadOnlyList<Proportion> groups)
    {
        var bounds = groups.Select(g => IsRanked(g.Of) ? Wilson.Of(g)?.Low : null).ToList();
        return [.. bounds.Select(b => b is { } low ? 1 + bounds.Count(other => other > low) : (int?)null)];
    }

    /// <summary>
    /// Which groups may be shown together. The shown groups cut the answers into parts: those that are in the same shown groups. A group is hidden if it would
    /// make a part of one to four answers. Whatever a reader adds up or takes off is whole parts, so no one to four answers can be found out. Larger groups are
    /// decided first, equal ones by their order.
    /// </summary>
    /// <param name="groups">The answers of each group, as ids. Groups may overlap: one answer is in its area, its collector's group and the total.</param>
    public static IReadOnlyList<bool> Shown(IReadOnlyList<IReadOnlySet<long>> groups)
    {
        var shown = new bool[groups.Count];
        var parts = new List<HashSet<long>>();
        foreach (var i in Enumerable.Range(0, groups.Count).OrderByDescending(i => groups[i].Count).ThenBy(i => i))
        {
            var rest = groups[i].ToHashSet();
            var next = new List<HashSet<long>>();
            foreach (var part in parts)
            {
                next.Add([.. part.Where(groups[i].Contains)]);
                next.Add([.. part.Where(a => !groups[i].Contains(a))]);
                rest.ExceptWith(part);
            }

            next.Add(rest);
            shown[i] = groups[i].Count > 0 && next.TrueForAll(p => p.Count == 0 || IsShown(p.Count));
            parts = shown[i] ? next.FindAll(p => p.Count > 0) : parts;
        }

        return shown;
    }
}
