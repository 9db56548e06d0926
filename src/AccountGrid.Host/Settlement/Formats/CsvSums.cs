using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>Counts and sums of the rows of a CSV that count, for comparison with what the file declares.</summary>
internal sealed class CsvSums
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["rows"] = "the count of rows",
        ["paymentCount"] = "the count of payments",
        ["refundCount"] = "the count of refunds",
        ["payments"] = "the sum of the payments",
        ["refunds"] = "the sum of the refunds",
        ["gross"] = "payments less refunds",
        ["fees"] = "the sum of the fees",
        ["net"] = "payments less refunds and fees",
    };

    private decimal _payments;
    private decimal _refunds;
    private decimal _fees;
    private int _rows;
    private int _paymentCount;
    private int _refundCount;

    public static IReadOnlyCollection<string> Names => Meanings.Keys;

    public static string Meaning(string name) => Meanings[name];

    public static bool IsCount(string name) => name is "rows" or "paymentCount" or "refundCount";

    public void Add(SettlementLineKind kind, Money amount, Money fee)
    {
        var value = SettlementBuilder.ValueOf(amount);
        _rows++;
        _fees += SettlementBuilder.ValueOf(fee);
        switch (kind)
        {
            case SettlementLineKind.Payment:
                (_paymentCount, _payments) = (_paymentCount + 1, _payments + value);
                break;
            case SettlementLineKind.Refund:
                (_refundCount, _refunds) = (_refundCount + 1, _refunds + value);
                break;
            default:
                _fees += value;
                break;
        }
    }

    public decimal Of(string name) => name switch
    {
        "rows" => _rows,
        "paymentCount" => _paymentCount,
        "refundCount" => _refundCount,
        "payments" => _payments,
        "refunds" => _refunds,
        "gross" => _payments - _refunds,
        "fees" => _fees,
        _ => _payments - _refunds - _fees,
    };
}
