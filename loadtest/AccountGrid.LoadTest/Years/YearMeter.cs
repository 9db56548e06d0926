namespace AccountGrid.LoadTest.Years;

/// <summary>A device in the world: what it has counted, whose it is, and whether its relay is on.</summary>
/// <param name="fromMs">When it came to its first account.</param>
internal sealed class YearMeter(int number, YearPerson owner, long registerWh, long fromMs)
{
    /// <summary>Readings that are remembered, for a move that becomes known late.</summary>
    private const int KnownMax = 12;

    public int Number { get; } = number;

    public YearPerson Owner { get; private set; } = owner;

    /// <summary>Since when it is its owner's.</summary>
    public long OwnedFromMs { get; private set; } = fromMs;

    /// <summary>Time of the last reading that the grid knows, UTC ms; 0 where there is none.</summary>
    public long LastKnownMs => Known.Count > 0 ? Known[^1].AtMs : 0;

    public long RegisterWh { get; private set; } = registerWh;

    /// <summary>Time of what it counted last.</summary>
    public long LastMs { get; private set; } = fromMs;

    /// <summary>Register of the last reading that the grid acknowledged, Wh.</summary>
    public long LastPushedWh { get; private set; } = registerWh;

    public bool IsOn { get; set; } = true;

    /// <summary>Number of the last command that its relay carried out: a relay takes no earlier one.</summary>
    public int LastCommand { get; set; }

    /// <summary>Readings that wait for a grid that is down.</summary>
    public List<(long AtMs, long RegisterWh)> Backlog { get; } = [];

    /// <summary>The last readings that the grid acknowledged, rising by time.</summary>
    public List<(long AtMs, long RegisterWh)> Known { get; } = [];

    /// <summary>Counts energy up to an instant and reads the register there.</summary>
    public void Read(long atMs, long wh)
    {
        Use(atMs, wh);
        Backlog.Add((atMs, RegisterWh));
    }

    /// <summary>Counts energy up to an instant.</summary>
    public void Use(long atMs, long wh) => (RegisterWh, LastMs) = (RegisterWh + wh, atMs);

    public void Pushed(long atMs, long wh)
    {
        LastPushedWh = wh;
        Known.Add((atMs, wh));
        if (Known.Count > KnownMax)
        {
            Known.RemoveAt(0);
        }
    }

    /// <param name="atMs">The instant of the move.</param>
    public void MoveTo(YearPerson owner, long atMs)
    {
        Owner.Meters.Remove(this);
        (Owner, OwnedFromMs) = (owner, atMs);
        owner.Meters.Add(this);
    }
}
