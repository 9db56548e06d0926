namespace AccountGrid.Client;

/// <summary>What adding a reading does while the buffer is full.</summary>
public enum WhenFull
{
    /// <summary>Throws <see cref="BufferFullException"/>; nothing of what was to be added is kept.</summary>
    Throw = 0,

    /// <summary>Waits until there is room.</summary>
    Wait = 1,
}
