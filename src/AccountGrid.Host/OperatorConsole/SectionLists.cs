using AccountGrid.Host.Collections;
using AccountGrid.Host.Operations;
using AccountGrid.Host.Payments;
using AccountGrid.Host.Security;
using AccountGrid.Host.Supply;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>The columns of lists of the sections: collections, payments, grid, administration.</summary>
internal static class SectionLists
{
    public static IReadOnlyList<ConsoleColumn<PlanAnswer>> Plans(ConsoleTexts T) =>
    [
        new(T["account"], p => p.Account) { Link = p => ConsoleLinks.Account(p.Account) },
        new($"{T["plan.agreed"]} (UTC)", p => ConsoleFormat.Short(p.AgreedAt, "UTC")),
        new(T["plan.total"], p => ConsoleFormat.Amount(p.Total)) { Title = p => p.Total, Number = p => ConsoleColumn<PlanAnswer>.Decimal(p.Total) },
        new(T["plan.instalments"], p => string.Join("; ", p.Instalments.Select(i => $"{i.Day:yyyy-MM-dd} {ConsoleFormat.Amount(i.Amount)}"))),
        new(T["plan.last"], p => $"{p.LastDay:yyyy-MM-dd}"),
        new(T["state"], p => T[$"plan.{p.State}"]) { Class = p => p.State == "broken" ? "urgent" : null },
        new($"{T["plan.ended"]} (UTC)", p => p.EndedAt is { } at ? ConsoleFormat.Short(at, "UTC") : null),
        new(T["plan.by"], p => p.ApprovedBy is { } second ? $"{p.AgreedBy}, {second}" : p.AgreedBy),
    ];

    public static IReadOnlyList<ConsoleColumn<OpenRelayAnswer>> Relays(ConsoleTexts T) =>
    [
        new(T["account"], r => r.Account) { Link = r => ConsoleLinks.Account(r.Account) },
        new(T["command"], r => $"{T[$"command.{r.Action}"]}, {T[$"command.{r.State}"]}"),
        new($"{T["time"]} (UTC)", r => ConsoleFormat.Short(r.At, "UTC")),
        new($"{T["command.expires"]} (UTC)", r => r.ExpiresAt is { } expires ? ConsoleFormat.Short(expires, "UTC") : null),
        new(T["command.meters"], r => ConsoleLinks.Text(r.Meters)) { Number = r => r.Meters },
        new(T["command.because"], r => $"{r.HeldBecause} {(r.ReleasedBy is { } by ? $"{T["command.released-by"]} {by}" : "")}".Trim()),
    ];

    public static IReadOnlyList<ConsoleColumn<GatewaySeenAnswer>> Gateways(ConsoleTexts T) =>
    [
        new(T["gateway"], g => g.Gateway) { Link = g => ConsoleLinks.List("/console/silent-meters", ("gateway", g.Gateway)) },
        new($"{T["gateways.last"]} (UTC)", g => ConsoleFormat.Short(g.LastPushAt, "UTC")),
    ];

    public static IReadOnlyList<ConsoleColumn<SilentMeterAnswer>> Meters(ConsoleTexts T) =>
    [
        new(T["meter"], m => m.Meter) { Link = m => ConsoleLinks.Meter(m.Meter) },
        new(T["gateway"], m => m.Gateway),
        new(T["account"], m => m.Account) { Link = m => ConsoleLinks.Account(m.Account) },
        new($"{T["meters.last"]} (UTC)", m => ConsoleFormat.Short(m.LastReadingAt, "UTC")),
        ConsoleColumn<SilentMeterAnswer>.Energy(T["meters.register"], m => m.RegisterWh),
    ];

    public static IReadOnlyList<ConsoleColumn<HeldPayment>> Suspense(ConsoleTexts T) =>
    [
        new(T["channel"], p => p.Channel),
        new(T["suspense.txn"], p => p.ChannelTxnId),
        new(T["suspense.given"], p => p.Account),
        Amount<HeldPayment>(T["amount"], p => p.Amount),
        new(T["currency"], p => p.Currency),
        new($"{T["time"]} (UTC)", p => ConsoleFormat.Short(p.PaidAt, "UTC")),
        new(T["suspense.because"], p => p.Because),
    ];

    public static IReadOnlyList<ConsoleColumn<AgentAnswer>> Agents(ConsoleTexts T) =>
    [
        new(T["agent"], a => a.Id) { Link = a => ConsoleLinks.Agent(a.Id) },
        new(T["channel"], a => a.Channel),
        new(T["currency"], a => a.Currency),
        Amount<AgentAnswer>(T["agent.float"], a => a.Float),
        Amount<AgentAnswer>(T["agent.limit"], a => a.Limit),
        Amount<AgentAnswer>(T["agent.available"], a => a.Available),
        new(T["agent.commission"], a => $"{a.CommissionPercent} %")
        {
            Number = a => ConsoleColumn<AgentAnswer>.Decimal(a.CommissionPercent),
            Unit = "%",
        },
    ];

    public static IReadOnlyList<ConsoleColumn<KeyListItem>> Keys(ConsoleTexts T, DateTimeOffset now) =>
    [
        new(T["id"], k => k.Id),
        new(T["field.role"], k => T.Or("choice", k.Role)),
        new(T["field.name"], k => k.Name),
        new(T["key.scope"], k => $"{k.Gateway} {k.Scope}".Trim()),
        new($"{T["since"]} (UTC)", k => ConsoleFormat.Short(k.CreatedAt, "UTC")),
        new(T["state"], k => T[k.Revoked ? "key.revoked" : k.EndsAt <= now ? "key.ended" : "key.valid"]),
        new($"{T["key.ends"]} (UTC)", k => k.EndsAt is { } ends ? ConsoleFormat.Short(ends, "UTC") : null),
    ];

    public static IReadOnlyList<ConsoleColumn<AuditedAnswer>> Trail(ConsoleTexts T) =>
    [
        new($"{T["time"]} (UTC)", r => ConsoleFormat.Short(r.At, "UTC")),
        new(T["trail.person"], r => r.Person) { Link = r => ConsoleLinks.List("/console/audit", ("person", r.Person)) },
        new(T["field.name"], r => r.Name),
        new(T["field.role"], r => r.Role),
        new(T["account"], r => r.Account) { Link = r => r.Account.Length > 0 ? ConsoleLinks.Account(r.Account) : null },
        new(T["trail.what"], r => $"{r.Method} {r.Path}"),
        new(T["trail.status"], r => r.Status is { } status ? ConsoleLinks.Text(status) : T["trail.unknown"]),
    ];

    /// <summary>In the currency of a column beside it, two digits; exact under the pointer and in an export.</summary>
    private static ConsoleColumn<TRow> Amount<TRow>(string head, Func<TRow, string> amount) =>
        new(head, r => ConsoleFormat.Amount(amount(r))) { Title = amount, Number = r => ConsoleColumn<TRow>.Decimal(amount(r)) };
}
