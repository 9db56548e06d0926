namespace AccountGrid.Domain.Figures;

/// <summary>Sums that are being made.</summary>
public sealed class FigureSums
{
    private readonly Dictionary<FigureKey, FigureSum> _sums = [];

    public IReadOnlyDictionary<FigureKey, FigureSum> All => _sums;

    /// <param name="amount">Nano of the currency, or what the name says.</param>
    public void Add(FigureAccount account, int day, string name, string detail, long count, decimal amount) =>
        Add(new FigureKey(day, account.Area, account.Class, account.Currency, name, detail), new FigureSum(count, amount));

    public void Add(FigureKey key, FigureSum sum)
    {
        if (sum != default)
        {
            _sums[key] = _sums.GetValueOrDefault(key) + sum;
        }
    }
}
