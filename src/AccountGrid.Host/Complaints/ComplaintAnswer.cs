namespace AccountGrid.Host.Complaints;

/// <summary>A complaint as it stands.</summary>
/// <param name="Source">Who filed it: <c>customer</c>, <c>staff</c> or <c>survey</c>.</param>
/// <param name="IsGrievance">It is about a bill or a cut: supply is not cut while it is open.</param>
/// <param name="Zone">The account's, in which days are counted.</param>
/// <param name="ContactDue">Last local day on which a person takes it up in time.</param>
/// <param name="AnswerDue">Last local day on which it is resolved in time.</param>
/// <param name="Escalation"><c>none</c>, <c>contactLate</c> or <c>answerLate</c>.</param>
/// <param name="State"><c>open</c> or <c>resolved</c>.</param>
/// <param name="Channel">The payment channel that it is about; null where none is named.</param>
public sealed record ComplaintAnswer(
    string Id, string Account, string Topic, string Source, string Text, bool IsGrievance, DateTimeOffset FiledAt, string Zone,
    DateOnly ContactDue, DateOnly AnswerDue, DateTimeOffset? ContactedAt, string Escalation, string State, string? Outcome,
    DateTimeOffset? ResolvedAt, string? Channel);
