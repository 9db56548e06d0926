namespace AccountGrid.Host.Mqtt;

/// <summary>A message as the broker delivered it.</summary>
/// <param name="IsRetained">It was published to be retained, now or before.</param>
/// <param name="Qos">0: the broker delivers it once or never, and knows no acknowledgement.</param>
/// <param name="IsAgain">The broker has delivered it before and had no acknowledgement.</param>
/// <param name="Correlation">What the sender wants to see in a reply.</param>
/// <param name="Acknowledge">Tells the broker that it need not be kept; to be called once, in order of arrival.</param>
internal sealed record Arrival(
    string Topic, byte[] Payload, bool IsRetained, int Qos, bool IsAgain, byte[]? Correlation, Func<CancellationToken, Task> Acknowledge);
