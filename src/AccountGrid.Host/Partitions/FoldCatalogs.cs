using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Partitions;

/// <summary>The definitions that the fold decides by.</summary>
/// <param name="Products">Makes sure that all versions of products are there that are known at a time in the log, UTC ms; null where they never change.</param>
internal readonly record struct FoldCatalogs(Func<int, Tariff> Tariff, Func<int, int, Policy?> Policy, Action<long>? Products = null);
