namespace AccountGrid.Domain.Rating;

/// <summary>Levies and taxes by kind and name: in that order, each once, none of them zero. Equal where all are.</summary>
public sealed record NamedAmounts(IReadOnlyList<NamedAmount> Items)
{
    public bool Equals(NamedAmounts? other) => other is not null && Items.SequenceEqual(other.Items);

    /// <summary>The sum of all of a kind.</summary>
    public WideMoney Of(AmountKind kind) => Items.Where(i => i.Kind == kind).Aggregate(WideMoney.Zero, (sum, i) => sum + i.Amount);

    public override int GetHashCode() => Items.Aggregate(Items.Count, (hash, item) => HashCode.Combine(hash, item));

    /// <summary>Sums by kind and name; null where nothing is left.</summary>
    public static NamedAmounts? Of(IEnumerable<NamedAmount> amounts)
    {
        var sums = amounts.GroupBy(a => (a.Kind, a.Name))
            .Select(g => new NamedAmount(g.Key.Kind, g.Key.Name, g.Aggregate(WideMoney.Zero, (sum, a) => sum + a.Amount)))
            .Where(a => a.Amount != WideMoney.Zero).OrderBy(a => a.Kind).ThenBy(a => a.Name, StringComparer.Ordinal).ToArray();
        return sums.Length == 0 ? null : new NamedAmounts(sums);
    }

    /// <summary>What both have together.</summary>
    public static NamedAmounts? Sum(NamedAmounts? a, NamedAmounts? b) => a is null ? b : b is null ? a : Of(a.Items.Concat(b.Items));

    /// <summary>What the first has more than the second.</summary>
    public static NamedAmounts? Difference(NamedAmounts? a, NamedAmounts? b) =>
        b is null ? a : Of((a?.Items ?? []).Concat(b.Items.Select(i => i with { Amount = -i.Amount })));
}
