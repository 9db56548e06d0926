using AccountGrid.Domain.Policies;
using AccountGrid.Host.Storage;

namespace AccountGrid.Host.Collections;

/// <summary>The verb <c>policy check</c>.</summary>
internal static class PolicyCommand
{
    /// <summary>Says all that is wrong with a pack, a line each, and status 1; else what it is, and which figures nobody has confirmed.</summary>
    public static async Task<int> CheckAsync(string file)
    {
        if (!File.Exists(file))
        {
            throw new StartException($"{file}: there is no such file.");
        }

        var (policy, problems) = PolicyCompiler.Read(await File.ReadAllTextAsync(file));
        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync($"{file}: {problem.Detail}");
        }

        if (policy is null)
        {
            return 1;
        }

        var d = policy.Definition;
        Console.WriteLine($"{d.Id} version {d.Version}, effective from {d.EffectiveFrom:yyyy-MM-dd}, {d.Currency}; content {policy.Hash}");
        Console.WriteLine($"Its calendar covers {d.Calendar.From:yyyy-MM-dd} to {d.Calendar.Until:yyyy-MM-dd}; beyond it nothing is cut.");
        foreach (var source in d.Sources.Where(s => !s.Confirmed))
        {
            Console.WriteLine($"  not confirmed: {source.Figure}: {source.Source}");
        }

        return 0;
    }
}
