using AccountGrid.Domain.Commands;

namespace AccountGrid.Host.Metering;

/// <summary>Facts of a meter that wait for a second person: what was asked for, and the command that it is.</summary>
/// <param name="Asked">In the words of the API.</param>
internal sealed record MeterFactsApproval(string Meter, SetMeterFactsRequest Asked, SetMeterFacts Command)
{
    public const string Kind = "meter-facts";
}
