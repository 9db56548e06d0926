using System.Diagnostics.CodeAnalysis;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Http;

namespace AccountGrid.Host.Rating;

/// <summary>A tariff version as it was registered, and what a person should know of it.</summary>
public sealed record TariffAnswer : TariffDefinition
{
    [SetsRequiredMembers]
    internal TariffAnswer(TariffDefinition definition, IReadOnlyList<Warning> warnings)
        : base(definition) => Warnings = warnings;

    public IReadOnlyList<Warning> Warnings { get; }
}
