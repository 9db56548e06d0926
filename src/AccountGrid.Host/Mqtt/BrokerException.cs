namespace AccountGrid.Host.Mqtt;

/// <summary>The broker refused something, or cannot be reached. The message says what, in one line.</summary>
public sealed class BrokerException(string message, Exception? cause = null) : Exception(message, cause);
