namespace AccountGrid.Streams.Postgres;

public enum AppendOutcome : byte
{
    Appended = 0,

    /// <summary>The key was used before with the same body; the position is that of the first append.</summary>
    Existed = 1,

    /// <summary>The key was used before with another body; nothing was appended.</summary>
    KeyConflict = 2,
}
