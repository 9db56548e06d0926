namespace AccountGrid.Host.MeterFiles;

/// <summary>A meter-data file that was sent, and what came of it.</summary>
/// <param name="Format">As it was given or told by the content; null while it is not read.</param>
/// <param name="Mapping">Name of the mapping that it is read by.</param>
/// <param name="Status">
/// <c>queued</c>, <c>running</c>, <c>done</c> (all that could be taken is acknowledged), <c>refused</c> (nothing was taken) or <c>failed</c> (send it again).
/// </param>
/// <param name="Result">Absent until it is done or refused.</param>
public sealed record MeterFileAnswer(
    string Id, string? Name, string? Format, string? Mapping, string Status, DateTimeOffset ReceivedAt, DateTimeOffset? FinishedAt, MeterFileResult? Result);
