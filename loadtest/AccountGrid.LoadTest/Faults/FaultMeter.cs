namespace AccountGrid.LoadTest.Faults;

/// <summary>A meter with its account, as its gateway knows it. Only its gateway writes; the judge reads while gateways rest.</summary>
internal sealed class FaultMeter(string id, string account)
{
    private readonly HashSet<long> _unknown = [];

    public string Id { get; } = id;

    public string Account { get; } = account;

    /// <summary>Register of the latest reading that was made, Wh since installation.</summary>
    public long MadeWh { get; set; }

    /// <summary>Highest register that was acknowledged, Wh since installation.</summary>
    public long TakenWh { get; private set; }

    public void Take(long wh)
    {
        TakenWh = Math.Max(TakenWh, wh);
        _unknown.Remove(wh);
    }

    /// <summary>Sent, never answered, not sent again.</summary>
    public void GiveUp(long wh) => _unknown.Add(wh);

    /// <summary>Whether so much may be charged: what was acknowledged, or a later reading whose outcome is open.</summary>
    public bool MayBe(long wh) => wh == TakenWh || (wh > TakenWh && _unknown.Contains(wh));
}
