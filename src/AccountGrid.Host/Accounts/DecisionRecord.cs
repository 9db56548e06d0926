using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Accounts;

/// <summary>A decision about a reading as the account's events tell of it.</summary>
internal sealed record DecisionRecord(long AtMs, ReadingDecided Decided)
{
    /// <summary>Whether it is what a request asks for, sent once more by the same person.</summary>
    public bool Is(DecideReadingRequest request, ReadingDecision decision, string person) => Decided.Decision == decision && Decided.DecidedBy == person
        && Decided.About?.Code().Text == request.Code && Decided.Reason == request.Reason
        && (decision != ReadingDecision.Edit || Decided.ToWh == request.ValueWh);

    public DecisionAnswer AnswerOf(string meter, string account) => new(
        meter, account, Decided.About?.Code().Text, Instants.ToInstant(Decided.AtMs), DecisionNames.Of(Decided.Decision), false, Decided.ToWh,
        Decided.ChargedWh, Decided.HeldWh, Decided.Charge.ToString());

    public ExplainedDecision ExplainedOf(string meter) => new(
        meter, Instants.ToInstant(Decided.AtMs), Decided.About?.Code().Text, DecisionNames.Of(Decided.Decision), Decided.FromWh, Decided.ToWh, Decided.Method,
        Decided.Reason, Decided.DecidedBy, Instants.ToInstant(AtMs), Decided.ChargedWh, Decided.HeldWh, Decided.Charge.ToString());
}
