using AccountGrid.Host.Payments;
using AccountGrid.Host.Scorecard;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>Payment channels side by side.</summary>
/// <param name="Measure">By which they are ranked.</param>
/// <param name="Month">In which: <c>2026-10</c>.</param>
/// <param name="Channels">All versions of all channels.</param>
public sealed record PaymentsModel(
    string Measure, string Month, DateOnly Today, ConsolePart<List<PaymentChannelDefinition>> Channels, ConsolePart<RankingAnswer> Ranking);
