namespace AccountGrid.Streams.Postgres;

/// <summary>The append failed. Unless it says otherwise its outcome is not known: with a key it may be asked again, without one it may be there.</summary>
public sealed class LogUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
