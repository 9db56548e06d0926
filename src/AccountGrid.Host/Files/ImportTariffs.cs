using System.Globalization;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Csv;

namespace AccountGrid.Host.Files;

/// <summary>
/// Rows of one id and version make one tariff. Rows that contradict each other refuse their tariff as a whole: half of one would charge wrongly.
/// </summary>
internal static class ImportTariffs
{
    private const int MinutesOfDay = 24 * 60;

    /// <summary>What a tariff has once: given in one of its rows, or the same in several.</summary>
    private static readonly string[] Once = ["currency", "zone", "effective_from", "standing_per_day", "levy_per_kwh", "tax_basis_points"];

    public static void Read(List<CsvRow> rows, ImportContent content)
    {
        // A row that could not be split may belong to any tariff of the file; a tariff without one of its rates would charge wrongly.
        var unsplit = content.Errors.Count > 0;
        foreach (var tariff in rows.GroupBy(r => (r.TextOr("id", ""), r.TextOr("version", "1"))))
        {
            var all = tariff.ToList();
            var place = $"row {all[0].Line}";
            try
            {
                if (unsplit)
                {
                    throw new FormatException("other rows of the file cannot be read and could belong to this tariff; put them right first.");
                }

                content.Items.Add(new ImportItem(place, "/v1/tariffs", Tariff(all)));
            }
            catch (FormatException e)
            {
                content.Errors.Add($"{place}: import.invalid: {e.Message}");
            }
        }
    }

    private static TariffDefinition Tariff(List<CsvRow> rows)
    {
        var once = Once.ToDictionary(c => c, c => The(rows, c));
        var tax = rows.Find(r => r.TextOrNull("tax_basis_points") is not null);
        return new TariffDefinition
        {
            Id = rows[0].Id("id"),
            Version = rows[0].IntOrNull("version") ?? 1,
            Currency = once["currency"] ?? rows[0].Text("currency"),
            Zone = once["zone"] ?? rows[0].Text("zone"),
            EffectiveFrom = rows.Find(r => r.TextOrNull("effective_from") is not null)?.DayOrNull("effective_from"),
            StandingPerDay = once["standing_per_day"] ?? "0",
            LevyPerKwh = once["levy_per_kwh"] ?? "0",
            TaxBasisPoints = tax?.IntOrNull("tax_basis_points") ?? 0,
            Rates = Rates(rows),
            Schedule = [.. rows.Where(HasHours).Select(r => new RateRule { Rate = r.Text("rate"), From = r.Text("from"), To = r.Text("to") }).Distinct()],
        };
    }

    /// <summary>The one value of a column over all rows; null if all are empty.</summary>
    private static string? The(List<CsvRow> rows, string column)
    {
        var given = rows.Where(r => r.TextOrNull(column) is not null).ToList();
        return given.Find(r => r.Text(column) != given[0].Text(column)) is { } other
            ? throw new FormatException(
                $"{column}: '{given[0].Text(column)}' in row {given[0].Line} contradicts '{other.Text(column)}' in row {other.Line}; a tariff has one.")
            : given.FirstOrDefault()?.Text(column);
    }

    /// <summary>Rates with the one that holds whenever no other does in front, where a tariff has it.</summary>
    private static List<RateDefinition> Rates(List<CsvRow> rows)
    {
        var rates = new List<(CsvRow Row, RateDefinition Rate)>();
        foreach (var row in rows)
        {
            var rate = new RateDefinition(row.Text("rate"), row.Text("price_per_kwh"));
            var known = rates.Find(r => r.Rate.Name == rate.Name);
            if (known.Row is null)
            {
                rates.Add((row, rate));
            }
            else if (known.Rate.PricePerKwh != rate.PricePerKwh)
            {
                throw new FormatException(
                    $"price_per_kwh: rate '{rate.Name}' costs {known.Rate.PricePerKwh} in row {known.Row.Line} and {rate.PricePerKwh} in row {row.Line}; a "
                        + "rate has one price. Give the other hours a rate of another name.");
            }
        }

        var otherwise = rows.Where(r => !HasHours(r)).Select(r => r.Text("rate")).Distinct().ToList();
        if (otherwise.Count > 1)
        {
            throw new FormatException(
                $"from, to: {string.Join(" and ", otherwise.Select(o => $"'{o}'"))} have no hours; only one rate may hold whenever no other does.");
        }

        if (otherwise.Count == 0 && rows.Sum(Minutes) != MinutesOfDay)
        {
            throw new FormatException(
                "from, to: the hours of all rates do not make a whole day, and no rate holds outside them. Leave from and to of one rate empty.");
        }

        return [.. rates.Select(r => r.Rate).OrderBy(r => otherwise.Count > 0 && r.Name != otherwise[0])];
    }

    private static bool HasHours(CsvRow row)
    {
        var (from, to) = (row.TextOrNull("from"), row.TextOrNull("to"));
        return (from is null) == (to is null)
            ? from is not null
            : throw new FormatException($"from, to: row {row.Line} has '{from}' and '{to}'; both are needed, or neither.");
    }

    /// <summary>Length of a row's hours, minutes; what cannot be read is for the tariff's own check to name.</summary>
    private static int Minutes(CsvRow row)
    {
        static int? At(string text) => text == "24:00"
            ? MinutesOfDay
            : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var t)
            ? (t.Hour * 60) + t.Minute
            : null;
        return At(row.Text("from")) is { } from && At(row.Text("to")) is { } to ? to - from + (to < from ? MinutesOfDay : 0) : 0;
    }
}
