namespace AccountGrid.Host.Accounts;

/// <summary>Something that happened to an account, or that somebody asked for.</summary>
/// <param name="Kind"><c>money</c>, <c>message</c>, <c>case</c>, <c>collection</c>, <c>supply</c>, <c>account</c>, <c>meter</c> or <c>audit</c>.</param>
/// <param name="What">Kind of the entry, message, case or event; of a request its method and path.</param>
/// <param name="Amount">Of an entry, a case or an event about money, decimal text; null of others.</param>
/// <param name="Text">Reference of an entry, subject of a message or case; null is none.</param>
/// <param name="Facts">What an event says, by name.</param>
/// <param name="Person">Who did it, where that is a person.</param>
public sealed record TimelineRow(
    DateTimeOffset At, string Kind, string What, string Id, string? Amount, string? Text, IReadOnlyDictionary<string, string> Facts, string? Person);
