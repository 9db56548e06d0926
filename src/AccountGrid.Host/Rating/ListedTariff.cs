using System.Diagnostics.CodeAnalysis;
using AccountGrid.Domain.Rating;

namespace AccountGrid.Host.Rating;

/// <summary>A tariff version in the list of all.</summary>
public sealed record ListedTariff : TariffDefinition
{
    [SetsRequiredMembers]
    internal ListedTariff(TariffDefinition definition, string state)
        : base(definition) => State = state;

    /// <summary><c>announced</c>, <c>in-force</c>, <c>ended</c> (a later version has begun) or <c>withdrawn</c>.</summary>
    public string State { get; }
}
