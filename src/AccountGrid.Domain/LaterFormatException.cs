namespace AccountGrid.Domain;

/// <summary>
/// What was read was written by a later release. It is not damaged: a build of that release reads it. Whoever meets it stops, and passes nothing over.
/// </summary>
public sealed class LaterFormatException(string message) : FormatException(message);
