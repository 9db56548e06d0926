using System.CommandLine;
using AccountGrid.LoadTest.Failover;

namespace AccountGrid.LoadTest.Commands;

/// <summary>The verb <c>failover</c> and its options.</summary>
internal static class FailoverVerb
{
    public static Command Create()
    {
        var cases = new Option<string[]>("--case") { Description = "Only these faults; --case repeats. Default: all." };
        var rounds = new Option<int>("--rounds") { Description = "How often each.", DefaultValueFactory = _ => 1 };
        var seed = new Option<int>("--seed") { Description = "The same seed draws the same load.", DefaultValueFactory = _ => 1 };
        var failover = new Command("failover",
            "Three silos under load on a database of three nodes under Patroni with synchronous replication, all on this machine: primary killed, frozen, "
                + "switched over, cut off from its standbys, replaced without hearing of it; standby lost; etcd lost. Each is judged from what the clients "
                + "were told; ends with the audit. Installs Debian's patroni and etcd-server where they are missing. Status 1 if anything is lost, doubled or "
                + "wrong. About ten minutes.") { cases, rounds, seed };
        failover.SetAction((p, cancel) => CommandLine.GuardAsync(
            () => p.GetValue(rounds) < 1 ? throw new FormatException("--rounds: 1 or more are needed.") : p.GetValue(cases) ?? [],
            names => FailoverCommand.RunAsync(names, p.GetValue(rounds), p.GetValue(seed), cancel)));
        return failover;
    }
}
