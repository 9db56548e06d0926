using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;
using AccountGrid.Host.Database;
using Fluid;

namespace AccountGrid.Host.Notices;

/// <summary>
/// Templates of messages: a Liquid file per kind and language, its first line the subject. All are rendered once at start, so that one that speaks of an
/// unknown field stops the start and not a customer's notice.
/// </summary>
public sealed class NoticeTexts
{
    private readonly Dictionary<(string Kind, string Language), (IFluidTemplate Subject, IFluidTemplate Body)> _templates = [];
    /// <summary>What stands in for a company and its number where only the file is written to.</summary>
    private static readonly Dictionary<string,
        (string Company, string Phone)> StandIns =
            new() { ["zh-CN"] = ("您的供电公司", "账单上的电话"), ["en"] = ("Your electricity supplier", "the number on your bill") };

    /// <summary>The sentence before the link of the customer's page.</summary>
    private static readonly Dictionary<string, string> PageLines = new() { ["zh-CN"] = "查看余额、用电和账单：", ["en"] = "See your balance, use and bills: " };

    private readonly NoticeOptions _options;
    private readonly TemplateOptions _rules = new() { StrictVariables = true, StrictFilters = true, MaxSteps = 1_000 };

    /// <summary>Throws <see cref="StartException"/> that names the file and what is wrong with it.</summary>
    public NoticeTexts(NoticeOptions options)
    {
        _options = options;
        var folder = options.Texts ?? Path.Combine(AppContext.BaseDirectory, "Notices", "Texts");
        if (!Directory.Exists(folder))
        {
            throw new StartException($"Notices__Texts: '{folder}' is not a folder.");
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*.liquid").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                throw new StartException($"{file}: a template is named kind.language.liquid.");
            }

            _templates[(name[..dot], name[(dot + 1)..])] = Read(file);
            Check(file, name[..dot], name[(dot + 1)..]);
        }

        if (options.Language.Length > 0 && !Speaks(options.Language))
        {
            throw new StartException(
                $"Notices__Language: there are no texts in '{options.Language}'; "
                    + $"{string.Join(", ", _templates.Keys.Select(k => k.Language).Distinct().Order(StringComparer.Ordinal))} are allowed.");
        }
    }

    public IEnumerable<string> Kinds => _templates.Keys.Select(k => k.Kind).Distinct();

    public bool Speaks(string language) => _templates.Keys.Any(k => k.Language == language);

    /// <summary>Says a message in a language, else in the grid's own. Throws <see cref="InvalidOperationException"/> for a kind without any text.</summary>
    /// <param name="page">The link of the customer's page: a shipped text but a survey's gets a line with it, a company's own speaks of it as <c>page</c>.
    /// Null is none.</param>
    public (NoticeText Text, string Language) Render(string kind, string? language, string account, NoticeFacts facts, string? page = null)
    {
        foreach (var candidate in new[] { language, _options.Language, "en" })
        {
            if (candidate is not null && _templates.TryGetValue((kind, candidate), out var template))
            {
                var context = ContextOf(candidate, account, facts);
                context.SetValue("page", page ?? "");
                var body = template.Body.Render(context).Trim();
                return (new NoticeText(template.Subject.Render(context).Trim(), WithPage(kind, candidate, body, page, _options.Texts is null)), candidate);
            }
        }

        throw new InvalidOperationException($"There is no text for a message of kind '{kind}'.");
    }

    private static string WithPage(string kind, string language, string body, string? page, bool isShipped) =>
        page is null || !isShipped || kind == NoticeKind.Survey.Code()
            ? body
            : $"{body}\n{PageLines.GetValueOrDefault(language, PageLines["en"])}{page}";

    private static (IFluidTemplate Subject, IFluidTemplate Body) Read(string file)
    {
        var text = File.ReadAllText(file).ReplaceLineEndings("\n");
        var split = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (split <= 0)
        {
            throw new StartException($"{file}: its first line is the subject, then comes an empty line, then the text.");
        }

        var parser = new FluidParser();
        return (Parse(text[..split]), Parse(text[(split + 2)..]));

        IFluidTemplate Parse(string part) => parser.TryParse(part, out var template, out var error) ? template : throw new StartException($"{file}: {error}");
    }

    private void Check(string file, string kind, string language)
    {
        var sample = new NoticeFacts
        {
            Balance = "1.00",
            Currency = "CNY",
            AtMs = 0,
            LevelAmount = "1",
            LevelDays = 1,
            DaysLeft = "1.0",
            Amount = "1",
            DueDay = "2026-01-01",
            OverdueDays = 1,
            LateFees = "1",
            EmergencyCredit = "1",
            CutAfter = "2026-01-01",
            MeterCount = 2,
            Occasion = "payment",
            Mandate = "M-1",
            SurveyLink = "https://power.example/s/x",
            FirstDay = "2026-01-01",
            Product = "home",
            Prices = [.. new[] { "rate", "standing", "capacity", "demand", "demand-terms", "levy", "tier", "tax", "other" }
                .Select(k => new PriceLine(k, "x", "1", null))],
            Past = new(1, 2, 1, "1", "2"),
        };
        try
        {
            Render(kind, language, "A", sample);
            Render(kind, language, "A", sample, "https://power.example/my/x");
        }
        catch (Exception e) when (e is not StartException)
        {
            throw new StartException($"{file}: {e.Message}");
        }
    }

    private TemplateContext ContextOf(string language, string account, NoticeFacts f)
    {
        var context = new TemplateContext(_rules);
        void Set(string name, object? value) => context.SetValue(name, value ?? "");
        Set("account", account);
        string? Down(string? amount) => Money(amount, f.Currency, decimal.Floor);
        string? Up(string? amount) => Money(amount, f.Currency, decimal.Ceiling);
        Set("balance", Down(f.Balance));
        Set("currency", f.Currency);
        Set("unit", _options.CurrencyNames.GetValueOrDefault(language)?.GetValueOrDefault(f.Currency) ?? $" {f.Currency}");
        Set("levelAmount", Down(f.LevelAmount));
        Set("levelDays", f.LevelDays);
        Set("daysLeft", f.DaysLeft);
        Set("amount", Up(f.Amount));
        Set("dueDay", f.DueDay);
        Set("overdueDays", f.OverdueDays);
        Set("lateFees", Up(f.LateFees));
        Set("emergencyCredit", Down(f.EmergencyCredit));
        Set("cutAfter", f.CutAfter);
        Set("meterCount", f.MeterCount ?? 0);
        Set("occasion", f.Occasion);
        Set("mandate", f.Mandate);
        Set("link", f.SurveyLink);
        Set("firstDay", f.FirstDay);
        Set("product", f.Product);
        Set("prices", (f.Prices ?? []).Select(PriceOf).ToList());
        Set("pastFrom", f.Past is { } past ? Domain.Instants.DayToText(past.FromDay) : null);
        Set("pastTo", f.Past is { } until ? Domain.Instants.DayToText(until.ToDay) : null);
        Set("pastKwh", f.Past is { } used ? (used.EnergyWh / 1_000m).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture) : null);
        Set("pastOld", Rounded(f.Past?.Old, f.Currency));
        Set("pastNew", Rounded(f.Past?.New, f.Currency));
        var standIn = StandIns.GetValueOrDefault(language, StandIns["en"]);
        Set("company", _options.Company.Length > 0 ? _options.Company : standIn.Company);
        Set("phone", _options.Phone.Length > 0 ? _options.Phone : standIn.Phone);
        Set("howToPay", _options.HowToPay.GetValueOrDefault(language) ?? _options.HowToPay.GetValueOrDefault("en"));
        return context;
    }

    private static Dictionary<string, object> PriceOf(PriceLine line) => new()
    {
        ["kind"] = line.Kind,
        ["name"] = line.Name,
        ["old"] = line.Old ?? "",
        ["new"] = line.New ?? "",
    };

    /// <summary>What something would have cost, in the currency's digits; it is nobody's balance, so it is rounded to the nearest.</summary>
    private static string? Rounded(string? amount, string currency) =>
        decimal.TryParse(amount, System.Globalization.NumberStyles.Number, System.Globalization.CultureInfo.InvariantCulture, out var money)
            ? money.ToString($"F{Domain.Currencies.DigitsOf(currency) ?? 2}", System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <summary>People read money in their currency's own digits: a balance is said as less, what is asked for as more, never the other way.</summary>
    private static string? Money(string? amount, string currency, Func<decimal, decimal> rounds)
    {
        if (!Domain.Money.TryParse(amount, out var money))
        {
            return null;
        }

        var digits = Domain.Currencies.DigitsOf(currency) ?? 2;
        var unit = 1m;
        for (var i = 0; i < digits; i++)
        {
            unit /= 10;
        }

        return (rounds(money.Nano / (decimal)Domain.Money.NanoPerUnit / unit) * unit).ToString($"F{digits}", System.Globalization.CultureInfo.InvariantCulture);
    }
}
