namespace AccountGrid.Domain.Customers;

/// <summary>
/// Who is responsible for a customer and its cases. A customer's own account manager comes first, then the collector of its area, then those of the areas
/// above. Source: DOMAIN, service quality: large customers have a named manager, small ones belong to an area with its collector.
/// </summary>
public static class Responsibility
{
    /// <summary>The person of the latest assignment that has begun; of two of one day, of the one that was made later. Null is nobody.</summary>
    /// <param name="day">Local day, a day number. An assignment counts from the beginning of its own.</param>
    public static string? PersonOn(IEnumerable<Assignment> assignments, int day)
    {
        Assignment? latest = null;
        foreach (var a in assignments)
        {
            if (a.FromDay <= day && (latest is not { } l || (a.FromDay, a.Order).CompareTo((l.FromDay, l.Order)) > 0))
            {
                latest = a;
            }
        }

        return latest?.Person;
    }

    /// <summary>An area and the areas above it, from itself up. Empty for an area that is not there.</summary>
    /// <exception cref="InvariantBrokenException">The areas go in a circle.</exception>
    public static IReadOnlyList<string> PathOf(IReadOnlyDictionary<string, AreaNode> areas, string area)
    {
        var path = new List<string>();
        for (var at = areas.GetValueOrDefault(area); at is not null; at = at.Parent is { } parent ? areas.GetValueOrDefault(parent) : null)
        {
            if (path.Count == areas.Count)
            {
                throw new InvariantBrokenException($"Area '{area}' lies in a circle of areas.");
            }

            path.Add(at.Id);
        }

        return path;
    }

    /// <summary>Whether an area can be put under another without a circle.</summary>
    public static bool CanBeUnder(IReadOnlyDictionary<string, AreaNode> areas, string area, string parent) => !PathOf(areas, parent).Contains(area);

    /// <summary>The collectors of an area and of those above it, from itself up, each once. Areas without a collector are passed over.</summary>
    public static IReadOnlyList<string> ChainOf(IReadOnlyDictionary<string, AreaNode> areas, string area) =>
        [.. PathOf(areas, area).Select(a => areas[a].Collector).OfType<string>().Distinct()];

    /// <summary>Whom a case goes up to, from the responsible one on, each once.</summary>
    /// <param name="manager">The customer's own manager; null is none.</param>
    /// <param name="chain">As of <see cref="ChainOf"/>.</param>
    public static IReadOnlyList<string> PersonsOf(string? manager, IReadOnlyList<string> chain) =>
        manager is null ? [.. chain] : [manager, .. chain.Where(p => p != manager)];

    /// <summary>Whoever has a case by assignment.</summary>
    /// <param name="manager">The customer's own manager; null is none.</param>
    /// <param name="chain">As of <see cref="ChainOf"/>.</param>
    /// <param name="level">How many persons up the case has gone, 0 and more. Beyond the last person it stays with the last.</param>
    /// <returns>Null: nobody is responsible.</returns>
    public static string? OwnerOf(string? manager, IReadOnlyList<string> chain, int level)
    {
        var persons = PersonsOf(manager, chain);
        return persons.Count == 0 ? null : persons[Math.Min(level, persons.Count - 1)];
    }
}
