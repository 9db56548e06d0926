namespace AccountGrid.Host.Files;

/// <summary>
/// The columns of each kind of CSV: the one table that files are read by, that <c>import --help</c> prints and that the documents are held to.
/// </summary>
internal sealed record ImportColumns(string Kind, string ToldBy, IReadOnlyList<ImportColumn> Columns)
{
    private static readonly ImportColumn Note = new("note", false, "for people; read past, and the summary says so");
    private static readonly ImportColumn Name = new("name", false, "for people; read past, and the summary says so");

    public static ImportColumns Tariffs { get; } = new("tariffs", "price_per_kwh",
    [
        new("id", true, "name of the tariff; rows of one id and version make one tariff, a row a rate or one of its hours"),
        new("version", false, "whole number of 1 or more; 1 if empty"),
        new("currency", true, "ISO 4217 code such as CNY; may be empty behind the tariff's first row"),
        new("zone", true, "IANA zone such as Asia/Shanghai; may be empty behind the first row"),
        new("effective_from", false, "yyyy-MM-dd, first day of the version; any day if empty, which a product's first version only may be"),
        new("rate", true, "name of the rate; the one rate without from and to holds whenever no other does"),
        new("price_per_kwh", true, "decimal such as 0.35, also below zero; a rate has one price"),
        new("from", false, "local HH:mm on a quarter hour, with to"),
        new("to", false, "local HH:mm on a quarter hour, or 24:00; before from it runs over midnight"),
        new("standing_per_day", false, "decimal; 0 if empty"),
        new("levy_per_kwh", false, "decimal; 0 if empty"),
        new("tax_basis_points", false, "hundredths of a percent, 0 to 10000; 0 if empty"),
        Name, Note,
    ]);

    public static ImportColumns Accounts { get; } = new("accounts", "tariff",
    [
        new("id", true, "1 to 32 visible ASCII characters"),
        new("tariff", true, "name of a registered tariff"),
        new("tariff_version", false, "whole number: an agreement on this version; if empty, each version of the product holds from its day on"),
        new("mode", false, "prepaid, postpaid or instalments; prepaid if empty"),
        new("opened_on", false, "yyyy-MM-dd in the tariff's zone; today if empty"),
        new("household_size", false, "persons, 0 to 100; 0 is not known"),
        new("protected", false, "true, yes, y, 1 or false, no, n, 0, in any case; false if empty"),
        new("low_balance_levels", false, "amounts such as 50|30, separated by | (or by ; in a file whose separator is the comma); at most eight"),
        new("contracted_capacity", false, "kVA or kW, decimal with at most three decimals, for a tariff that charges for capacity or demand"),
        new("contracted_unit", false, "kVA or kW; what the tariff charges by if empty"),
        new("policy", false, "name of a policy pack; the account stays under the one that it is under, or none, if empty"),
        new("class", false, "with policy: residential, business, industrial or important; residential if empty"),
        new("consent", false, "with policy: reference to what the customer signed for prepaid control"),
        new("billing_day", false, "1 to 31, with which a billing period ends; as it is if empty. The account needs a policy pack"),
        new("billing_months", false, "with billing_day: months of a period, 1 to 3; 1 if empty"),
        Name, Note,
    ]);

    public static ImportColumns Meters { get; } = new("meters", "gateway",
    [
        new("id", true, "1 to 32 visible ASCII characters"),
        new("gateway", true, "id of the gateway that sends it; registered with it if new"),
        new("account", false, "id of its account; none if empty"),
        new("installed_at", false, "instant with offset such as 2026-11-01T00:00:00+08:00; now if empty"),
        new("register_wh", false, "whole Wh that it shows then; 0 if empty, and the summary warns of it"),
        new("rate_registers_wh", false,
            "whole Wh that its rate registers show then, such as 1200|3400, 1.8.1 first, separated by | (or by ;), for a meter that is charged by them"),
        new("export_wh", false, "whole Wh that its 2.8.0 shows then, for a meter that measures export; empty for one that does not"),
        new("reactive_varh", false, "whole varh that its 3.8.0 shows then, for a meter that measures reactive energy; empty for one that does not"),
        new("ratio", false, "ratio of the transformers, decimal such as 60; 1 if empty"),
        new("capacity_w", false, "capacity of the service, W; 0 or empty checks nothing, and the summary warns of it"),
        new("register_width_wh", false, "where it begins again from zero, Wh; 0 is never"),
        new("interval_seconds", false, "usual time between readings; 0 is not known"),
        Name, Note,
    ]);

    public static IReadOnlyList<ImportColumns> All { get; } = [Tariffs, Meters, Accounts];

    /// <summary>Columns that are for people only.</summary>
    public static bool IsForPeople(string column) => column is "name" or "note";

    /// <summary>The kind that a header is of.</summary>
    /// <exception cref="FormatException">It is of none, or has columns that its kind has not, or lacks one; the message names them all.</exception>
    public static ImportColumns Of(IReadOnlyList<string> header)
    {
        var kind = All.FirstOrDefault(k => header.Contains(k.ToldBy))
            ?? throw new FormatException(
                $"the header: it has none of the columns {string.Join(", ", All.Select(k => $"'{k.ToldBy}' ({k.Kind})"))} that tell what the file holds.");
        var wrong = header.Where(h => h.Length > 0 && kind.Columns.All(c => c.Name != h)).Select(h => $"column '{h}' is not known{kind.Nearest(h)}")
            .Concat(kind.Columns.Where(c => c.Needed && !header.Contains(c.Name)).Select(c => $"column '{c.Name}' is missing ({c.Holds})")).ToList();
        return wrong.Count == 0
            ? kind
            : throw new FormatException(
                $"the header: {string.Join("; ", wrong)}. Nothing was imported. Columns of {kind.Kind}: "
                    + $"{string.Join(", ", kind.Columns.Select(c => c.Name))}.{kind.More}");
    }

    /// <summary>For <c>--help</c>: a line a column.</summary>
    public static string Help() => string.Join('\n',
        All.Select(k => $"Columns of {k.Kind}:\n" + string.Join('\n', k.Columns.Select(c => $"  {c.Name}{(c.Needed ? "" : " (optional)")}: {c.Holds}"))));

    private string More => this == Tariffs ? " Seasons, day types, tiers, rate registers and export need a JSON file." : "";

    private string Nearest(string wrong)
    {
        static string Bare(string text) =>
            text.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).TrimEnd('s');
        return Columns.FirstOrDefault(c => Bare(c.Name) == Bare(wrong)) is { } near ? $" (did you mean '{near.Name}'?)" : "";
    }
}
