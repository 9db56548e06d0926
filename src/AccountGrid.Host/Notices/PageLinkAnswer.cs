namespace AccountGrid.Host.Notices;

/// <summary>A link of a customer's page. It is shown in this answer and kept nowhere.</summary>
/// <param name="EndsAt">First instant at which it opens nothing any more, unless it is ended before.</param>
public sealed record PageLinkAnswer(string Url, DateTimeOffset EndsAt);
