using System.Globalization;
using AccountGrid.Domain;

namespace AccountGrid.Host.Settlement.Formats;

/// <summary>A settlement file's content as text, for people and for comparison.</summary>
internal static class SettlementListing
{
    /// <summary>Sums by day and kind, what was passed over, and the totals that were checked.</summary>
    public static IEnumerable<string> Summary(SettlementContent content)
    {
        yield return $"{content.Format}: {content.Lines.Count} lines, {content.Currency}";
        foreach (var day in content.Lines.GroupBy(l => l.BusinessDay).OrderBy(d => d.Key))
        {
            var kinds = day.GroupBy(l => l.Kind).OrderBy(k => k.Key)
                .Select(k => $"{k.Count()} {Name(k.Key)} {Sum(k.Select(l => l.Amount))}");
            var fees = Sum(day.Select(l => l.Fee));
            yield return string.Create(CultureInfo.InvariantCulture, $"{day.Key:yyyy-MM-dd}: {string.Join(", ", kinds)}, fees in these lines {fees}");
        }

        foreach (var passed in content.Passed)
        {
            yield return $"line {passed.Line}: passed over: {passed.Why}";
        }

        foreach (var total in content.Declared)
        {
            yield return $"line {total.Line}: {total.Name} {total.Value.ToString("0.#########", CultureInfo.InvariantCulture)} is right";
        }
    }

    /// <summary>A line with all its fields that are there.</summary>
    public static string Line(SettlementLine l)
    {
        var parts = new List<string> { $"line {l.Line}", Name(l.Kind), Shown(l.Amount) };
        void Add(string name, string? value) => parts.AddRange(value is null ? [] : [$"{name}={value}"]);
        Add("txn", l.ChannelTxnId);
        foreach (var r in l.References)
        {
            Add(r.Kind, r.Value);
        }

        Add("fee", l.Fee == Money.Zero ? null : Shown(l.Fee));
        Add("at", l.At?.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture));
        Add("day", l.BusinessDay.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Add("account", l.Account);
        Add("original", l.Original);
        return string.Join(' ', parts);
    }

    /// <summary>The name of a kind as the API has it.</summary>
    public static string Name(SettlementLineKind kind) => kind switch
    {
        SettlementLineKind.Payment => "payment",
        SettlementLineKind.Refund => "refund",
        _ => "fee",
    };

    private static string Sum(IEnumerable<Money> amounts) => SettlementBuilder.Shown(amounts.Sum(SettlementBuilder.ValueOf));

    private static string Shown(Money amount) => SettlementBuilder.Shown(SettlementBuilder.ValueOf(amount));
}
