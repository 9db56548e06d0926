namespace AccountGrid.Host.Mqtt;

/// <summary>What the messages of a topic hold.</summary>
internal enum MessageContent
{
    Readings,

    /// <summary>Readings that were kept and are sent later. They are taken the same; they are counted apart.</summary>
    History,

    /// <summary>A Sparkplug device's birth: its metrics with their aliases and present values.</summary>
    Birth,

    /// <summary>A Sparkplug node's birth: what its devices' births said holds no longer.</summary>
    NodeBirth,

    /// <summary>A Sparkplug device has gone.</summary>
    Death,

    /// <summary>A Sparkplug node has gone, and its devices with it.</summary>
    NodeDeath,

    /// <summary>No readings: the sender waits for a reply.</summary>
    Nothing,
}
