namespace AccountGrid.Faults;

// A made-up next release, in test builds only: with ACCOUNTGRID_NEXT_FORMAT=1 a process reads one format version more than its release does. In it every stored
// form has a version 2, which differs in its first byte only, and one command counts as new. Elsewhere it is off, and the compiler leaves nothing of it.
internal static class NextFormat
{
#if FAULTS
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("ACCOUNTGRID_NEXT_FORMAT") == "1";
#else
    public static bool IsOn => false;
#endif
}
