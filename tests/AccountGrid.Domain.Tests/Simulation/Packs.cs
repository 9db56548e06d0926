using AccountGrid.Domain.Policies;

namespace AccountGrid.Domain.Tests.Simulation;

/// <summary>The shipped policy packs, and variations of them.</summary>
internal static class Packs
{
    public static string Json(string id) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Packs", $"{id}.json"));

    public static Policy Get(string id) => Compile(PolicyCompiler.Read(Json(id)));

    public static Policy Get(string id, Func<PolicyDefinition, PolicyDefinition> change) => Compile(PolicyCompiler.Compile(change(Get(id).Definition)));

    private static Policy Compile((Policy? Policy, IReadOnlyList<Refusal> Problems) read) =>
        read.Policy ?? throw new ArgumentException(string.Join('\n', read.Problems.Select(p => p.Detail)));
}
