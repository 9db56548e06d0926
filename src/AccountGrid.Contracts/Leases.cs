namespace AccountGrid.Contracts;

/// <summary>Times that grains and their partition rely on.</summary>
public static class Leases
{
    /// <summary>
    /// A watch ends unless it is renewed within this time: who does not look is told nothing. Longer than <see cref="Renew"/> by what a renewal may be late;
    /// a grain that is asked after that asks its partition in any case.
    /// </summary>
    public static readonly TimeSpan Watch = TimeSpan.FromSeconds(10);

    /// <summary>How old an awake grain's watch may be when it is asked: what a lost message, or a partition that died, can hide for at most.</summary>
    public static readonly TimeSpan Renew = TimeSpan.FromSeconds(5);
}
