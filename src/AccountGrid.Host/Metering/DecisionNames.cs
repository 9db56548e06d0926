using System.Collections.Frozen;
using System.Text.Json;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Host.Metering;

/// <summary>Decisions about readings and the codes of exceptions, in the API's words.</summary>
internal static class DecisionNames
{
    private static readonly FrozenDictionary<string, VeeOutcome> Outcomes = Enum.GetValues<VeeOutcome>()
        .Where(o => o is not (VeeOutcome.Accepted or VeeOutcome.Settled)).ToFrozenDictionary(o => o.Code().Text, StringComparer.Ordinal);

    public static string Of(ReadingDecision decision) => JsonNamingPolicy.CamelCase.ConvertName(decision.ToString());

    public static string Of(EstimateMethod method) => JsonNamingPolicy.CamelCase.ConvertName(method.ToString());

    /// <summary>The exception that a code stands for; null is none.</summary>
    public static VeeOutcome? OutcomeOf(string code) => Outcomes.TryGetValue(code, out var outcome) ? outcome : null;
}
