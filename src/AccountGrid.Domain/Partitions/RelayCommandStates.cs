namespace AccountGrid.Domain.Partitions;

/// <summary>Codes of the states of relay commands, as they are stored.</summary>
public static class RelayCommandStates
{
    public static string Code(this RelayCommandState state) => state switch
    {
        RelayCommandState.Planned => "planned",
        RelayCommandState.Released => "released",
        RelayCommandState.Withdrawn => "withdrawn",
        RelayCommandState.Confirmed => "confirmed",
        _ => throw new InvariantBrokenException($"No code for state of a relay command {state}."),
    };
}
