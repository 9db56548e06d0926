using AccountGrid.Domain;
using AccountGrid.Host.Hosting;
using AccountGrid.LoadTest.Commands;

namespace AccountGrid.LoadTest.Tests;

/// <summary>
/// Folders depend on each other in one declared order, lowest first. The edges that go against it today are listed by name: the list can only shrink, since an
/// edge that is gone must leave it.
/// </summary>
public sealed class FolderGraphTests
{
    private static readonly string[] DomainOrder =
    [
        "Refusals", FolderGraph.Root, "Customers", "Rating", "Policies", "Readings", "State", "Commands", "Events", "Formats", "Partitions", "Figures",
        "Cases", "Notices", "LowBalance", "Billing", "Overdue", "Supply", "Metering", "Accounts", "Fold", "Grades",
    ];

    private static readonly string[] DomainAgainst = [];

    private static readonly string[] HostOrder =
    [
        "Background", "Csv", "Database", "Telemetry", "Measures", "Http", "Rating", "Policies", "Partitions", "Security", "Notices", "Events", "Webhooks",
        "Billing", "Ingest", "Supply", "Metering", "Accounts", "Prices", "Cases", "Customers", "Grades", "Settlement", "Payments", "Lists",
        "Reconciliation", "DirectDebit", "Collections", "Complaints", "Surveys", "Scorecard", "Prepayment", "Figures", "Audit", "Client", "Files", "Exports",
        "MeterFiles", "Grpc", "Mqtt", "Operations", "OperatorConsole", "CustomerPages", "Hosting", "Cli", FolderGraph.Root,
    ];

    private static readonly string[] HostAgainst = [];

    private static readonly string[] LoadTestOrder =
        ["Fleet", "Measures", "Reports", "Targets", "Driving", "Simulation", "Years", "Faults", "Failover", "Lists", "Commands", FolderGraph.Root];

    private static readonly string[] LoadTestAgainst = [];

    public static TheoryData<string> Assemblies => ["AccountGrid.Domain", "AccountGrid.Host", "AccountGrid.LoadTest"];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Folders_depend_on_each_other_in_one_order(string name)
    {
        var (assembly, order, known) = name switch
        {
            "AccountGrid.Domain" => (typeof(Money).Assembly, DomainOrder, DomainAgainst),
            "AccountGrid.Host" => (typeof(GridHost).Assembly, HostOrder, HostAgainst),
            _ => (typeof(CommandLine).Assembly, LoadTestOrder, LoadTestAgainst),
        };
        var edges = FolderGraph.Edges(assembly, name);
        Assert.True(edges.Count > 10, "Hardly an edge was found: the assembly was not read.");
        var against = FolderGraph.Against(edges.Keys, order);
        var added = against.Except(known).Select(e => $"{e}: {edges[e]}").ToList();
        Assert.True(added.Count == 0, $"Against the order of folders:\n{string.Join('\n', added)}");
        Assert.Equal([], known.Except(against));
    }

    [Fact]
    public void An_edge_against_the_order_or_to_a_folder_that_it_does_not_name_is_found() =>
        Assert.Equal(["A > B", "B > New"], FolderGraph.Against(["A > B", "B > A", "B > New"], ["A", "B"]));
}
