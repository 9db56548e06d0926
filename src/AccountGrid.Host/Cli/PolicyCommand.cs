using AccountGrid.Domain.Policies;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Policies;
using AccountGrid.Host.Rating;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AccountGrid.Host.Cli;

/// <summary>The verbs <c>policy check</c> and <c>policy replay</c>.</summary>
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

    /// <summary>Says who would have been warned, charged or cut differently under a pack, a line for each account; status 0 however many there are.</summary>
    public static async Task<int> ReplayAsync(string file, string from, string to, string? data, string? url, string? key)
    {
        var (policy, problems) =
            PolicyCompiler.Read(File.Exists(file) ? await File.ReadAllTextAsync(file) : throw new StartException($"{file}: there is no such file."));
        if (policy is null)
        {
            problems.ToList().ForEach(p => Console.Error.WriteLine($"{file}: {p.Detail}"));
            return 1;
        }

        var (first, last) = (Day("--from", from), Day("--to", to));
        await using var session = await GridSession.OpenAsync(data, url, key, Console.WriteLine);
        var checkpoint = await session.Client.PostAsync<CheckpointAnswer>("/v1/operations/checkpoint", new { });
        var connectionString = await AuditCommand.ConnectionStringAsync(session.Data);
        await FormatStore.CheckAsync(connectionString);
        await using var database = PostgresDatabase.Open(connectionString);
        await using var log =
            new PostgresLog(database, new PostgresLogOptions { Partitions = checkpoint.Partitions }, TimeProvider.System, NullLogger<PostgresLog>.Instance);
        var replay = new PolicyReplay(database, log, new TariffCatalog(database), new PolicyCatalog(database, TimeProvider.System));
        var differences = await replay.RunAsync(policy, first, last, checkpoint.Partitions);
        foreach (var (account, was, would) in differences.OrderBy(d => d.Account, StringComparer.Ordinal))
        {
            Console.WriteLine($"{account}");
            Console.WriteLine($"  was    {was}");
            Console.WriteLine($"  would  {would}");
        }

        Console.WriteLine(
            $"{differences.Count} accounts would have been told, charged or cut differently under {policy.Stamp} "
                + $"from {first:yyyy-MM-dd} to {last:yyyy-MM-dd}.");
        Console.WriteLine("Payments and reports are as they were: what people would have done otherwise is not known.");
        return 0;
    }

    private static DateOnly Day(string option, string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day)
        ? day
        : throw new StartException($"{option}: '{text}' is not a day yyyy-MM-dd.");
}
