using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Rating;

/// <param name="State"><c>announced</c>, <c>in-force</c>, <c>ended</c> (a later version has begun) or <c>withdrawn</c>.</param>
/// <param name="Until">Local day before the next version's first; null where none is announced, and for one that was withdrawn.</param>
public sealed record ProductVersionAnswer(int Version, DateOnly? EffectiveFrom, DateOnly? Until, string State, TariffDefinition Definition)
{
    /// <param name="today">By the product's calendar.</param>
    internal static ProductVersionAnswer Of(ProductVersion version, int today)
    {
        var (product, d) = (version.Tariff.Product, version.Tariff.Definition);
        if (version.WithdrawnMs is not null)
        {
            return new(d.Version, d.EffectiveFrom, null, "withdrawn", d);
        }

        var next = product.Versions.Where(v => v.WithdrawnMs is null && v.FromDay > version.FromDay).Select(v => v.FromDay).DefaultIfEmpty(int.MaxValue).Min();
        return new(
            d.Version, d.EffectiveFrom, next == int.MaxValue ? null : DateOnly.FromDayNumber(next - 1),
            version.FromDay > today ? "announced" : next <= today ? "ended" : "in-force", d);
    }
}
