namespace AccountGrid.Domain.Partitions;

/// <summary>
/// Neighbouring accounts of a partition, in the order in which they were opened: the unit in which states are kept and written. An account keeps
/// its place for life.
/// </summary>
internal sealed class AccountPage(int number)
{
    /// <summary>Accounts of a page: a page of plain accounts is about ten kilobytes, which the database writes for the price of three rows.</summary>
    public const int Size = 64;

    public int Number { get; } = number;

    public PackedAccount[] Rows { get; } = new PackedAccount[Size];

    public int Count { get; set; }

    /// <summary>Something on it changed since the last state flush.</summary>
    public bool Dirty { get; set; }
}

/// <summary>A page as it is stored, with what people may want to ask of it beside it.</summary>
/// <param name="Page">Number of the page in its partition, from 0.</param>
/// <param name="Accounts">Numbers of its accounts.</param>
/// <param name="BalancesNano">Their balances.</param>
/// <param name="States">Their states, packed.</param>
public sealed record StoredPage(int Page, int[] Accounts, long[] BalancesNano, byte[] States);
