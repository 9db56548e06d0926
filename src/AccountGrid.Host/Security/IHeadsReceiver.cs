namespace AccountGrid.Host.Security;

/// <summary>Who gets the ends of the audit trail's chains, outside the grid.</summary>
internal interface IHeadsReceiver
{
    /// <summary>Whether there is one.</summary>
    bool IsConfigured { get; }

    /// <summary>Sends an event. Throws where it was not taken.</summary>
    /// <param name="id">The event's own, the same for each try.</param>
    /// <param name="body">A CloudEvent, JSON.</param>
    Task SendAsync(string id, string body, CancellationToken cancel);
}
