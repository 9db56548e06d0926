using AccountGrid.Host.Ingest;

namespace AccountGrid.Host.Mqtt;

/// <summary>A message that was refused, whole or in part.</summary>
/// <param name="Gateway">The gateway that its topic names, known or not.</param>
/// <param name="Errors">Why; a whole message has one.</param>
/// <param name="Rejected">Readings that were refused, those beyond the listed ones too; 1 for a whole message.</param>
/// <param name="Later">Readings, as lines of POST /v1/readings, that are tried again: what is wrong is not in them.</param>
internal sealed record RefusedMessage(
    string Profile, string Topic, string Gateway, byte[] Payload, IReadOnlyList<LineRefusal> Errors, int Rejected, byte[]? Later);
