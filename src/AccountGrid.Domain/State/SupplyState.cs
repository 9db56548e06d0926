namespace AccountGrid.Domain.State;

/// <summary>The account's relays. One command at a time; each has the next number, and a relay takes none that is older than what it knows.</summary>
public sealed class SupplyState
{
    public Relay Relay { get; set; }

    public CutCause Cause { get; set; }

    /// <summary>Number of the last command.</summary>
    public int Sequence { get; set; }

    /// <summary>Since when it is as it is, UTC ms.</summary>
    public long SinceMs { get; set; }

    /// <summary>When the command that is out is no longer to be carried out, UTC ms.</summary>
    public long ExpiresMs { get; set; }

    /// <summary>Since when the customer is entitled to supply again, UTC ms: the payment's time.</summary>
    public long RestoreSinceMs { get; set; }

    /// <summary>Compensation for a late restore was given.</summary>
    public bool Compensated { get; set; }

    /// <summary>A person was asked to see to a restore that no relay has confirmed.</summary>
    public bool AskedToRestore { get; set; }

    /// <summary>A meter that goes on consuming after its cut was reported.</summary>
    public bool TamperSeen { get; set; }

    /// <summary>A person was asked to inform the authority before an important user is cut for want of balance.</summary>
    public bool AskedAuthority { get; set; }

    /// <summary>Number of the last message about supply: an older one that still waits is not true any more.</summary>
    public int NoticeNumber { get; set; }

    /// <summary>Meters whose relay has not confirmed yet.</summary>
    public List<int> Waiting { get; } = [];

    public bool IsOff => Relay is Relay.Cut or Relay.Restoring or Relay.CutReleased;
}
