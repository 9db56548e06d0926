namespace AccountGrid.Host.Settlement.Formats;

/// <summary>What a line of a settlement file says that happened.</summary>
public enum SettlementLineKind
{
    /// <summary>A customer paid.</summary>
    Payment,

    /// <summary>Money of a payment went back to the customer.</summary>
    Refund,

    /// <summary>The channel kept a fee, in a line of its own.</summary>
    Fee,
}
