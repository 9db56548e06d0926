namespace AccountGrid.Client;

/// <summary>Something that happened to an account.</summary>
/// <param name="Kind"><c>money</c>, <c>message</c>, <c>case</c>, <c>collection</c>, <c>supply</c>, <c>account</c>, <c>meter</c> or <c>audit</c>.</param>
/// <param name="What">Kind of the entry, message, case or event.</param>
/// <param name="Amount">Where it is about money; null otherwise.</param>
/// <param name="Text">Reference or subject; null is none.</param>
/// <param name="Facts">What an event says, by name.</param>
/// <param name="Person">Who did it, where that is a person.</param>
public sealed record TimelineItem(
    DateTimeOffset At, string Kind, string What, string Id, decimal? Amount, string? Text, IReadOnlyDictionary<string, string> Facts, string? Person);
