using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Partitions;

/// <summary>The definitions that the fold decides by.</summary>
internal readonly record struct FoldCatalogs(Func<int, Tariff> Tariff, Func<int, int, Policy?> Policy);
