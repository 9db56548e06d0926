namespace AccountGrid.Domain.Figures;

/// <summary>Sums that are being made.</summary>
public sealed class FigureSums
{
    private readonly Dictionary<FigureKey, FigureSum> _sums = [];

    public IReadOnlyDictionary<FigureKey, FigureSum> All => _sums;

    /// <param name="amount">Nano of the currency, or what the name says.</param>
    public void Add(FigureAccount account, int day, string name, string detail, long count, decimal amount)
    {
        if (count != 0 || amount != 0)
        {
            var key = new FigureKey(day, account.Area, account.Class, account.Currency, name, detail);
            _sums[key] = _sums.GetValueOrDefault(key) + new FigureSum(count, amount);
        }
    }
}
