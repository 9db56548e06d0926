using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Partitions;

/// <summary>The definitions that the fold decides by.</summary>
/// <param name="Products">Makes sure that all versions of products are there that are known at a time in the log, UTC ms; null where they never change.</param>
/// <param name="Prices">What a partition's log must name of prices that are published behind a publication; null is nothing.</param>
internal readonly record struct FoldCatalogs(
    Func<int, Tariff> Tariff, Func<int, int, Policy?> Policy, Action<long>? Products = null, Func<int, UsePrices?>? Prices = null);
