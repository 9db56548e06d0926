using AccountGrid.Host.Csv;
using AccountGrid.Host.Prices;

namespace AccountGrid.Host.Files;

/// <summary>Prices of intervals as a CSV with the columns <c>start</c> and <c>price</c>.</summary>
internal static class PriceFile
{
    public const string Form = "CSV with the columns start (an instant with its offset, such as 2026-10-25T02:00:00+01:00) and price (such as -12.34)";

    /// <summary>The rows of a file in its order, or all that is wrong with it, by row.</summary>
    public static (IReadOnlyList<IntervalPrice> Prices, IReadOnlyList<string> Errors) Read(string text)
    {
        var (prices, errors) = (new List<IntervalPrice>(), new SortedDictionary<int, string>());
        CsvTable table;
        try
        {
            table = new CsvTable(text);
        }
        catch (FormatException e)
        {
            return ([], [e.Message]);
        }

        if (!table.Header.Contains("start") || !table.Header.Contains("price") || table.Header.Count != 2)
        {
            return ([], [$"the header: '{string.Join(',', table.Header)}' is not start,price."]);
        }

        foreach (var row in table.Rows((line, wrong) => errors[line] = wrong))
        {
            try
            {
                var start = row.InstantOrNull("start") ?? throw new FormatException("start: it is empty.");
                prices.Add(new IntervalPrice(start, row.Text("price")));
            }
            catch (FormatException e)
            {
                errors[row.Line] = e.Message;
            }
        }

        return (prices, errors.Count == 0 && prices.Count == 0 ? ["the file: it has no rows."] : [.. errors.Select(e => $"row {e.Key}: {e.Value}")]);
    }
}
