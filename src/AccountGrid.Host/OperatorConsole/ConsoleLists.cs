using AccountGrid.Host.Accounts;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Metering;
using AccountGrid.Host.Security;
using AccountGrid.Host.Webhooks;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>The columns of the console's lists.</summary>
internal static class ConsoleLists
{
    public static IReadOnlyList<ConsoleColumn<CaseAnswer>> Cases(ConsoleTexts T) =>
    [
        new(T["case"], c => T.Or("case", c.Kind)) { Link = c => ConsoleLinks.Case(c.Id) },
        new(T["account"], c => c.Account) { Link = c => c.Account is { } account ? ConsoleLinks.Account(account) : null },
        new(T["case.due"], c => c.Due),
        new(T["case.priority"], c => T.Or("priority", c.Priority)) { Class = c => c.Priority },
        new(T["case.amount"], c => ConsoleFormat.Amount(c.Amount)) { Title = c => c.Amount, Number = c => ConsoleColumn<CaseAnswer>.Decimal(c.Amount) },
        new(T["case.owner"], c => c.Owner),
        new(T["case.area"], c => c.Area),
    ];

    public static IReadOnlyList<ConsoleColumn<ExceptionAnswer>> Exceptions(ConsoleTexts T) =>
    [
        new(T["meter"], e => e.Meter) { Link = e => ConsoleLinks.Meter(e.Meter) },
        new(T["account"], e => e.Account) { Link = e => e.Account is { } account ? ConsoleLinks.Account(account) : null },
        new($"{T["time"]} (UTC)", e => ConsoleFormat.Short(e.At, "UTC")),
        new(T["exception.code"], e => e.Code),
        ConsoleColumn<ExceptionAnswer>.Energy(T["exception.value"], e => e.ValueWh),
        ConsoleColumn<ExceptionAnswer>.Energy(T["exception.held"], e => e.HeldWh),
        new(T["state"], e => T[e.Open ? "open" : "closed"]),
        new(T["detail"], e => e.Detail),
    ];

    public static IReadOnlyList<ConsoleColumn<EntryAnswer>> Entries(ConsoleTexts T, string zone, string currency) =>
    [
        new($"{T["time"]} ({zone})", e => ConsoleFormat.Short(e.At, zone)),
        new(T["entry"], e => T.Or("entry", e.Kind)),
        new(T["day"], e => e.Day),
        ConsoleColumn<EntryAnswer>.Money(T["amount"], e => e.Amount, currency),
        ConsoleColumn<EntryAnswer>.Money(T["ledger-balance"], e => e.LedgerBalance, currency),
        new(T["reference"], e => $"{e.Reference} {(e.Corrects is { } corrects ? $"{T["corrects"]} {corrects}" : "")}".Trim()),
        new(T["id"], e => e.Id),
    ];

    public static IReadOnlyList<ConsoleColumn<ConsumptionRow>> Consumption(ConsoleTexts T, string zone) =>
    [
        new($"{T["from"]} ({zone})", r => r.From.Replace('T', ' ')),
        ConsoleColumn<ConsumptionRow>.Energy(T["energy"], r => r.EnergyWh),
        ConsoleColumn<ConsumptionRow>.Energy(T["exception.held"], r => r.HeldWh),
        new(T["state"], r => T[r.IsClosed ? "consumption.closed" : "consumption.open"]),
    ];

    public static IReadOnlyList<ConsoleColumn<TimelineRow>> Timeline(ConsoleTexts T, string zone, string currency) =>
    [
        new($"{T["time"]} ({zone})", r => ConsoleFormat.Short(r.At, zone)),
        new(T["timeline.kind"], r => T[$"timeline.{r.Kind}"]),
        new(T["timeline.what"], r => WhatOf(T, r)) { Link = r => r.Kind == "case" && r.Facts.Count == 0 ? ConsoleLinks.Case(r.Id) : null },
        ConsoleColumn<TimelineRow>.Money(T["amount"], r => r.Amount, currency),
        new(T["detail"], r => string.Join("; ",
            r.Facts.Select(f => $"{T.Or("fact", f.Key)}: {FactOf(f.Value, zone)}").Prepend(r.Text).Where(t => !string.IsNullOrEmpty(t)))),
        new(T["timeline.person"], r => r.Person),
    ];

    public static IReadOnlyList<ConsoleColumn<DecisionAnswer>> Decisions(ConsoleTexts T) =>
    [
        new(T["meter"], d => d.Meter) { Link = d => ConsoleLinks.Meter(d.Meter) },
        new(T["account"], d => d.Account) { Link = d => d.Account is { } account ? ConsoleLinks.Account(account) : null },
        new($"{T["time"]} (UTC)", d => ConsoleFormat.Short(d.At, "UTC")),
        ConsoleColumn<DecisionAnswer>.Energy(T["bulk.charged"], d => d.ChargedWh ?? 0),
        ConsoleColumn<DecisionAnswer>.Energy(T["bulk.held"], d => d.HeldWh ?? 0),
        new(T["amount"], d => d.Amount is { } amount ? ConsoleFormat.Amount(amount) : null)
        {
            Title = d => d.Amount,
            Number = d => ConsoleColumn<DecisionAnswer>.Decimal(d.Amount),
        },
        new(T["bulk.why"], d => d.Error is { } error ? $"{error.Detail} ({error.Code})" : null) { Class = _ => "wrong" },
    ];

    public static IReadOnlyList<ConsoleColumn<OperatorAnswer>> Operators(ConsoleTexts T) =>
    [
        new(T["field.name"], o => o.Name),
        new(T["field.displayName"], o => o.DisplayName),
        new(T["operator.person"], o => o.Person),
        new(T["field.role"], o => T.Or("choice", o.Role)),
        new(T["operator.scope"], o => o.Scope),
        new(T["operator.sessions"], o => ConsoleLinks.Text(o.Sessions)) { Number = o => o.Sessions },
        new(T["state"], o => T[o.Disabled ? "operator.disabled" : "operator.enabled"]),
    ];

    public static IReadOnlyList<ConsoleColumn<WebhookAnswer>> Webhooks(ConsoleTexts T) =>
    [
        new(T["webhook.url"], w => w.Url) { Link = w => ConsoleLinks.Webhook(w.Id) },
        new(T["detail"], w => w.Description),
        new(T["webhook.kinds"], w => w.Kinds.Count == 0 ? T["any"] : string.Join(", ", w.Kinds)),
        new(T["account"], w => w.Account) { Link = w => w.Account is { } account ? ConsoleLinks.Account(account) : null },
        new(T["state"], w => StateOf(T, w)) { Class = w => w.State == "paused" ? "urgent" : null },
        new($"{T["webhook.failing"]} (UTC)", w => w.FailingSince is { } since ? ConsoleFormat.Short(since, "UTC") : null),
        Count<WebhookAnswer>(T["webhook.queued"], w => w.Queued),
        Count<WebhookAnswer>(T["webhook.given-up"], w => w.GivenUp),
        new(T["webhook.made"], w => w.CreatedBy),
    ];

    public static IReadOnlyList<ConsoleColumn<DeliveryLogAnswer>> Deliveries(ConsoleTexts T) =>
    [
        new($"{T["time"]} (UTC)", d => ConsoleFormat.Short(d.CreatedAt, "UTC")),
        new(T["webhook.event"], d => $"{d.Kind} {d.Event}"),
        new(T["account"], d => d.Account) { Link = d => ConsoleLinks.Account(d.Account) },
        new(T["state"], d => T[$"delivery.{d.State}"]) { Class = d => d.State == "given-up" ? "urgent" : null },
        Count<DeliveryLogAnswer>(T["delivery.attempts"], d => d.Attempts),
        new($"{T["delivery.attempted"]} (UTC)", d => d.AttemptedAt is { } at ? ConsoleFormat.Short(at, "UTC") : null),
        new(T["delivery.status"], d => d.Status is { } status ? ConsoleLinks.Text(status) : null),
        new(T["delivery.took"], d => d.DurationMs is { } ms ? ConsoleLinks.Text(ms) : null) { Number = d => d.DurationMs, Unit = "ms" },
        new(T["delivery.error"], d => d.Error is { } error ? T[$"delivery.{error}"] : null),
        new($"{T["delivery.next"]} (UTC)", d => d.NextAttemptAt is { } next ? ConsoleFormat.Short(next, "UTC") : null),
    ];

    /// <summary>What a webhook's state is, and why it is paused.</summary>
    public static string StateOf(ConsoleTexts T, WebhookAnswer webhook) => webhook.PausedWhy is { } why
        ? $"{T["webhook.paused"]}: {T[$"webhook.paused.{why}"]}"
        : T["webhook.active"];

    private static ConsoleColumn<TRow> Count<TRow>(string head, Func<TRow, long> count) =>
        new(head, r => count(r).ToString("#,0", System.Globalization.CultureInfo.InvariantCulture)) { Number = r => count(r) };

    /// <summary>An instant is shown in the account's zone, which the column of times names.</summary>
    private static string FactOf(string value, string zone) =>
        value.EndsWith('Z') && DateTimeOffset.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var at)
            ? ConsoleFormat.Short(at, zone)
            : value;

    /// <summary>What happened, in words: an entry, a message and a case are named as elsewhere.</summary>
    private static string WhatOf(ConsoleTexts T, TimelineRow row)
    {
        foreach (var kind in new[] { "happened", "entry", "notice", "case" })
        {
            if (T.Or(kind, row.What) is var text && text != row.What)
            {
                return text;
            }
        }

        return row.What;
    }
}
