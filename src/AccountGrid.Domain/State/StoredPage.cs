namespace AccountGrid.Domain.State;

/// <summary>A page as it is stored, with what people may want to ask of it beside it.</summary>
/// <param name="Page">Number of the page in its partition, from 0.</param>
/// <param name="Accounts">Numbers of its accounts.</param>
/// <param name="BalancesNano">Their balances.</param>
/// <param name="States">Their states, packed.</param>
public sealed record StoredPage(int Page, int[] Accounts, long[] BalancesNano, byte[] States);
