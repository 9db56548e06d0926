namespace AccountGrid.Host.Database;

/// <summary>A start that cannot go on; the message is one line that says what is missing.</summary>
public sealed class StartException(string message) : Exception(message);
