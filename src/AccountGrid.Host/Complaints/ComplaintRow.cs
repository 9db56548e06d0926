using AccountGrid.Domain.Cases;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Complaints;

/// <summary>A row of the register of complaints.</summary>
/// <param name="Text">Sealed.</param>
internal sealed record ComplaintRow(
    int Partition, string Id, int Account, string AccountId, ComplaintTopic Topic, string Source, string Text, byte[] BodyHash, string FiledBy,
    DateTimeOffset FiledAt, string Zone, DateOnly ContactDue, DateOnly AnswerDue)
{
    /// <summary>
    /// <c>new</c>: the account's log does not have it yet. <c>open</c>. <c>deciding</c>: decided, and the log does not have that yet. <c>resolved</c>.
    /// </summary>
    public string State { get; init; } = "new";

    /// <summary>The payment channel that it is about; null where none is named.</summary>
    public string? Channel { get; init; }

    public DateTimeOffset? ContactedAt { get; init; }

    public ComplaintEscalation Escalation { get; init; }

    public ComplaintOutcome? Outcome { get; init; }

    public string? ResolvedBy { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    public ComplaintClocks Clocks => new(ContactDue.DayNumber, AnswerDue.DayNumber);
}
