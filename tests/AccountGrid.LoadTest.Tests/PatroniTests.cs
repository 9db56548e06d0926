using AccountGrid.LoadTest.Failover;
using AccountGrid.LoadTest.Faults;

namespace AccountGrid.LoadTest.Tests;

/// <summary>What the verb <c>failover</c> makes of Patroni's words, and what it tells Patroni, without one.</summary>
public sealed class PatroniTests
{
    private const string Leader = """{"name": "n1", "role": "leader", "state": "running", "api_url": "http://127.0.0.1:1/patroni", "timeline": 1}""";
    private const string Sync = """{"name": "n2", "role": "sync_standby", "state": "running", "lag": 0}""";
    private const string Replica = """{"name": "n3", "role": "replica", "state": "streaming", "lag": 0}""";

    [Theory]
    [InlineData($"{Leader},{Sync},{Replica}", true)]
    [InlineData($"{Leader},{Sync}", false)] // a node is missing
    [InlineData($"{Sync},{Replica},{Replica}", false)] // nobody leads
    [InlineData($"{Leader},{Leader},{Sync}", false)] // two lead
    [InlineData($"{Leader},{Replica},{Replica}", false)] // nobody is synchronous
    [InlineData($"{Leader},{Sync},{{\"name\":\"n3\",\"role\":\"replica\",\"state\":\"start failed\"}}", false)]
    [InlineData($"{Leader},{Sync},{{\"name\":\"n3\"}}", false)]
    public void A_cluster_is_whole_when_all_run_and_one_is_synchronous(string members, bool isWhole) =>
        Assert.Equal(isWhole, PatroniMember.IsWhole(PatroniMember.Parse($$"""{"members": [{{members}}]}"""), 3));

    [Fact]
    public void A_nodes_settings_keep_the_promise_and_patronis_own_rule_for_its_times()
    {
        var settings = new PatroniSettings("n1", "/run/x", 18001, 15431, 25431, 12379, "/usr/lib/postgresql/15/bin", "secret");
        Assert.True(PatroniSettings.LoopSeconds + (2 * PatroniSettings.RetrySeconds) <= PatroniSettings.LeaderSeconds);
        var lines = settings.ToYaml().Split('\n').Select(l => l.Trim()).ToList();
        Assert.All(new[] { "synchronous_mode: true", "synchronous_mode_strict: true", "listen: 127.0.0.1:15431", "connect_address: 127.0.0.1:25431",
            "data_dir: /run/x/n1/data", "pgpass: /run/x/n1/pgpass", "ttl: 20" }, line => Assert.Contains(line, lines));
        Assert.Equal("/run/x/n1/data", settings.Data);
    }

    [Theory]
    [InlineData(null, null, "primary-killed   lost 0, doubled 0, wrong 1; nobody answered for 12.3 s; WITHOUT EFFECT: why")]
    [InlineData(20.0, 1.5,
        "primary-killed   lost 0, doubled 0, wrong 1; nobody answered for 12.3 s; another primary after 20.0 s, every gateway answered 1.5 s later; "
            + "WITHOUT EFFECT: why")]
    public void A_line_states_patronis_time_beside_the_grids(double? patroni, double? beyond, string expected) => Assert.Equal(expected,
        FailoverCommand.Line(new CaseResult("primary-killed", new Verdict(0, 0, 1, []), TimeSpan.Zero, "why"), (Of(patroni), Of(beyond)),
            TimeSpan.FromSeconds(12.34)));

    private static TimeSpan? Of(double? seconds) => seconds is { } s ? TimeSpan.FromSeconds(s) : null;
}
