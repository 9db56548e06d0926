namespace AccountGrid.Host.OperatorConsole;

/// <summary>The navigation of the console.</summary>
internal static class ConsoleSections
{
    public static IReadOnlyList<ConsoleSection> All { get; } =
    [
        new("cases", [new("cases", "/console/cases", "/v1/cases")]),
        new("exceptions", [new("exceptions", "/console/exceptions", "/v1/exceptions")]),
        new("approvals", [new("approvals", "/console/approvals", "/v1/approvals")]),
        new("collections", [new("collections", "/console/collections", "/v1/areas"), new("plans", "/console/plans", "/v1/plans")]),
        new("payments",
        [
            new("channels", "/console/payments", "/v1/channels", "/console/channels", "/console/debits"),
            new("suspense", "/console/suspense", "/v1/channels/held"), new("agents", "/console/agents", "/v1/agents"),
        ]),
        new("service", [new("service", "/console/service", "/v1/complaints")]),
        new("tariffs", [new("tariffs", "/console/tariffs", "/v1/tariffs"), new("policies", "/console/policies", "/v1/policies")]),
        new("grid",
        [
            new("grid", "/console/grid", "/v1/operations/grid"), new("gateways", "/console/gateways", "/v1/operations/gateways"),
            new("silent-meters", "/console/silent-meters", "/v1/operations/meters"),
        ]),
        new("administration",
        [
            new("keys", "/console/keys", "/v1/keys"), new("webhooks", "/console/webhooks", "/v1/webhooks"),
            new("operators", "/console/operators", "/v1/operators"),
            new("roles", "/console/roles", "/v1/audit/trail"), new("trail", "/console/audit", "/v1/audit/trail"),
            new("configuration", "/console/configuration", "/v1/operations/configuration"),
        ]),
    ];
}
