using System.Collections.Concurrent;

namespace AccountGrid.Domain.Rating;

/// <summary>All price series by id.</summary>
/// <param name="read">Makes sure that all publications up to a number are there; called by folds that wait for it. Null where they are.</param>
public sealed class PriceBook(Action<int>? read = null)
{
    private readonly ConcurrentDictionary<string, PriceSeries> _series = new(StringComparer.Ordinal);

    public IReadOnlyList<PriceSeries> All => [.. _series.Values.OrderBy(s => s.Definition.Id, StringComparer.Ordinal)];

    /// <summary>A series by its id; null where none is known here.</summary>
    public PriceSeries? Find(string id) => _series.GetValueOrDefault(id);

    /// <summary>One object stands for a series, whoever adds it first.</summary>
    public PriceSeries Add(PriceSeriesDefinition definition) => _series.GetOrAdd(definition.Id, _ => new PriceSeries(definition, read ?? (_ => { })));

    /// <summary>A series that a tariff in use names. Throws <see cref="InvariantBrokenException"/> where there is none.</summary>
    public PriceSeries Get(string id)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        read?.Invoke(int.MaxValue);
        return Find(id) ?? throw new InvariantBrokenException($"There is no price series '{id}'.");
    }
}
