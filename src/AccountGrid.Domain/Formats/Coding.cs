namespace AccountGrid.Domain.Formats;

/// <summary>
/// What writer and reader agree on. First numbers of an instant that is counted from another: the two that mean an end of time, then all others.
/// </summary>
internal static class Coding
{
    public const ulong LeastInstant = 0;
    public const ulong MostInstant = 1;
    public const ulong FirstInstant = 2;
    public const long MsPerMinute = 60_000;
    public const long NanoPerHundredth = 10_000_000;
}
