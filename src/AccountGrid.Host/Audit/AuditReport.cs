namespace AccountGrid.Host.Audit;

/// <summary>What an audit found. Energy in Wh; money as decimal units.</summary>
public sealed class AuditReport
{
    public int Partitions { get; set; }

    public int Accounts { get; set; }

    public int Meters { get; set; }

    public long Readings { get; set; }

    /// <summary>Records that no state flush holds yet: they are outside this audit.</summary>
    public long Unaudited { get; set; }

    /// <summary>What the registers say was used.</summary>
    public long EnergyInWh { get; set; }

    public long EnergyChargedWh { get; set; }

    public long EnergyHeldWh { get; set; }

    public decimal MoneyCharged { get; set; }

    public decimal MoneyCredited { get; set; }

    public decimal Balances { get; set; }

    /// <summary>Partitions of which the log is kept from the first record, so that every reading was checked against it.</summary>
    public int WholeLogs { get; set; }

    public List<string> Differences { get; } = [];

    internal void Same(int account, string what, decimal expected, decimal found)
    {
        if (expected != found)
        {
            Differences.Add($"account {account}: {what} must be {expected} but is {found}");
        }
    }
}
