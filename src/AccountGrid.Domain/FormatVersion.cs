using AccountGrid.Faults;

namespace AccountGrid.Domain;

/// <summary>
/// The format version of a grid: one number that says in which version each form is stored, and which types of commands are appended. A build reads all format
/// versions up to <see cref="Newest"/>. It writes the one in force, which the grid's database names; an operator raises it when no process of an older build is
/// left, and a build that cannot read it does not start. Until then one can go back to the older build.
/// </summary>
public static class FormatVersion
{
    private static int _inForce = Oldest;

    /// <summary>The version of the first release.</summary>
    public const int Oldest = 1;

    /// <summary>The reader version of this build. A release raises it by one at most, whatever it changes.</summary>
    public static int Newest { get; } = Oldest + (NextFormat.IsOn ? 1 : 0);

    /// <summary>The writer version of the grid that this process serves, as it last read it; the oldest until then. One process serves one grid.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to a version that this build does not read.</exception>
    public static int InForce
    {
        get => Volatile.Read(ref _inForce);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, Oldest);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Newest);
            Volatile.Write(ref _inForce, value);
        }
    }
}
