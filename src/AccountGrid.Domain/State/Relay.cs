namespace AccountGrid.Domain.State;

public enum Relay : byte
{
    On = 0,

    /// <summary>A last notice is out; supply is on.</summary>
    LastNotice = 1,

    /// <summary>A cut is planned: the command waits to be fetched, and is decided once more when it is.</summary>
    CutPlanned = 2,

    /// <summary>The command has left; the relay has not answered.</summary>
    CutReleased = 3,
    Cut = 4,

    /// <summary>To be restored; not confirmed yet.</summary>
    Restoring = 5,
}
