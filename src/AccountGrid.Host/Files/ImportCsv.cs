using AccountGrid.Host.Accounts;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Csv;
using AccountGrid.Host.Metering;

namespace AccountGrid.Host.Files;

/// <summary>Rows of a CSV as the API's requests.</summary>
internal static class ImportCsv
{
    public static ImportContent Read(string text)
    {
        var table = new CsvTable(text);
        var columns = ImportColumns.Of(table.Header);
        var content = new ImportContent([], [], []);
        var rows = table.Rows((line, wrong) => content.Errors.Add($"row {line}: import.invalid: {wrong}"));
        content.Remarks.AddRange(table.Header.Where(ImportColumns.IsForPeople).Select(h => $"column '{h}' is for people and was read past."));
        if (columns == ImportColumns.Tariffs)
        {
            ImportTariffs.Read(rows, content);
            return content;
        }

        foreach (var row in rows)
        {
            try
            {
                content.Items.Add(
                    columns == ImportColumns.Meters
                        ? new ImportItem($"row {row.Line}", "/v1/meters", Meter(row))
                        : new ImportItem($"row {row.Line}", "/v1/accounts", Account(row), Terms(row)));
            }
            catch (FormatException e)
            {
                content.Errors.Add($"row {row.Line}: import.invalid: {e.Message}");
            }
        }

        return content;
    }

    private static OpenAccountRequest Account(CsvRow r) => new(
        r.Id("id"), r.Text("tariff"), r.IntOrNull("tariff_version"), r.TextOr("mode", "prepaid"), r.DayOrNull("opened_on"), r.IntOrNull("household_size") ?? 0,
        r.YesOrNo("protected"), r.TextOr("low_balance_levels", "").Split(['|', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        r.TextOrNull("contracted_capacity"), r.TextOrNull("contracted_unit"));

    private static AccountTerms? Terms(CsvRow r)
    {
        var (policy, day, months) = (r.TextOrNull("policy"), r.IntOrNull("billing_day"), r.IntOrNull("billing_months"));
        if (months is not null && day is null)
        {
            throw new FormatException($"billing_months: '{months}' has no billing_day beside it; give the day with which a period ends.");
        }

        if (policy is null && r.TextOrNull("consent") is { } consent)
        {
            throw new FormatException($"consent: '{consent}' has no policy beside it; name the pack that it is for.");
        }

        return policy is null && day is null ? null : new AccountTerms(
            policy is null ? null : new CustomerRequest(policy, r.TextOr("class", "residential"), null, r.TextOrNull("consent")),
            day is { } last ? new BillingCycleRequest(last, months ?? 1) : null);
    }

    private static InstallMeterRequest Meter(CsvRow r) => new(
        r.Id("id"), r.Id("gateway"), r.TextOrNull("account"), r.InstantOrNull("installed_at"), r.LongOrNull("register_wh"), r.LongOr("capacity_w", 0),
        r.LongOr("register_width_wh", 0),
        r.IntOrNull("interval_seconds") ?? 0, r.LongsOrNull("rate_registers_wh"),
        r.LongOrNull("export_wh"), r.LongOrNull("reactive_varh"), r.TextOrNull("ratio"));
}
