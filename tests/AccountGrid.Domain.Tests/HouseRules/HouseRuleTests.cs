using System.Reflection;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.Tests.HouseRules;

/// <summary>Rules of the house that a compiler does not keep.</summary>
public sealed class HouseRuleTests
{
    private static readonly Assembly Domain = typeof(Money).Assembly;

    [Fact]
    public void The_domain_knows_no_framework()
    {
        string[] allowed = ["System", "Microsoft.CSharp", "netstandard"];
        Assert.All(Domain.GetReferencedAssemblies(), a => Assert.Contains(allowed, p => a.Name!.StartsWith(p, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_domain_waits_for_nothing()
    {
        var waiting = Domain.GetTypes()
            .SelectMany(
                t => t.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static))
            .Where(m => typeof(Task).IsAssignableFrom(m.ReturnType) || m.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal));
        Assert.Empty(waiting);
    }

    [Fact]
    public void Every_command_and_event_has_a_stored_name()
    {
        AssertNamed(typeof(GridCommand));
        AssertNamed(typeof(AccountEvent));
    }

    [Fact]
    public void Every_validation_outcome_has_its_own_code()
    {
        var codes = Enum.GetValues<VeeOutcome>().Except([VeeOutcome.Accepted, VeeOutcome.Settled]).Select(o => o.Code()).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
    }

    private static void AssertNamed(Type root)
    {
        var named =
            root.GetCustomAttributes<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().ToDictionary(a => a.DerivedType, a => a.TypeDiscriminator);
        var all = Domain.GetTypes().Where(t => t.IsSubclassOf(root) && !t.IsAbstract).ToList();
        Assert.NotEmpty(all);
        Assert.All(all, t => Assert.Contains(t, named.Keys));
        Assert.Equal(named.Count, named.Values.Distinct().Count());
    }
}
