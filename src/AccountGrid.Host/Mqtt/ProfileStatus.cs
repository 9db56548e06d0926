namespace AccountGrid.Host.Mqtt;

/// <summary>What a profile's connection does, counted since the process began. Counts are of this process.</summary>
internal sealed class ProfileStatus(string profile)
{
    private long _messages, _withoutPromise, _again, _readings, _duplicates, _history, _skipped, _overrun, _repliesLost, _sessionsLost, _oldest;

    /// <summary>Name of the profile.</summary>
    public string Profile => profile;

    /// <summary>Connected, standing by for another process, or what is wrong.</summary>
    public string State { get; set; } = "starting";

    /// <summary>When the oldest message that is not acknowledged arrived; null where all are.</summary>
    public DateTimeOffset? OldestUnacknowledged
    {
        get => Interlocked.Read(ref _oldest) is var ticks and > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Interlocked.Exchange(ref _oldest, value?.UtcTicks ?? 0);
    }

    public void Arrived(Arrival arrival)
    {
        Interlocked.Increment(ref _messages);
        Interlocked.Add(ref _withoutPromise, arrival.Qos == 0 ? 1 : 0);
        Interlocked.Add(ref _again, arrival.IsAgain ? 1 : 0);
    }

    public void Taken(int readings, int duplicates, int history)
    {
        Interlocked.Add(ref _readings, readings);
        Interlocked.Add(ref _duplicates, duplicates);
        Interlocked.Add(ref _history, history);
    }

    /// <summary>An item without a value that the profile names, or that its conditions leave out.</summary>
    public void Skipped(int items) => Interlocked.Add(ref _skipped, items);

    /// <summary>A message without a promise (QoS 0) was dropped: more wait than may.</summary>
    public void Overrun() => Interlocked.Increment(ref _overrun);

    public void ReplyLost() => Interlocked.Increment(ref _repliesLost);

    /// <summary>The broker had forgotten the session, and with it what it kept.</summary>
    public void SessionLost() => Interlocked.Increment(ref _sessionsLost);

    public MqttConnectionAnswer Answer() => new(profile, State, OldestUnacknowledged, Interlocked.Read(ref _messages), Interlocked.Read(ref _withoutPromise),
        Interlocked.Read(ref _again), Interlocked.Read(ref _readings), Interlocked.Read(ref _duplicates), Interlocked.Read(ref _history),
        Interlocked.Read(ref _skipped), Interlocked.Read(ref _overrun), Interlocked.Read(ref _repliesLost), Interlocked.Read(ref _sessionsLost));
}
