namespace AccountGrid.LoadTest.Measures;

/// <summary>What the books at the end came to.</summary>
/// <param name="Accounts">Accounts checked: energy of each, and money of each whose meters' clocks were right.</param>
/// <param name="MoneyChecked">Accounts of which the balance was compared.</param>
/// <param name="Wrong">Accounts that differ; the first are named.</param>
/// <param name="LeftOut">Accounts whose gateway had a line refused: what they must come to is not known.</param>
public sealed record BooksResult(int Accounts, int MoneyChecked, int Wrong, long AcceptedWh, IReadOnlyList<string> Differences, int LeftOut = 0);
