using System.Globalization;
using System.Net;
using AccountGrid.Host.Accounts;
using AccountGrid.Host.Audit;
using AccountGrid.Host.Client;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;
using AccountGrid.Host.Security;
using Spectre.Console;

namespace AccountGrid.Host.Cli;

/// <summary>The verb: a fresh grid on the embedded database, a town that lives ten days, a table of what happens, an audit, and where to look.</summary>
internal static class DemoCommand
{
    private const int Watched = 10;

    /// <summary>Who signs in at the demo's console.</summary>
    private const string Operator = "demo";

    /// <summary>Marks a folder as a demo's own: only such a one is ever deleted.</summary>
    private const string Marker = "demo.marker";

    public static async Task<int> RunAsync(string? data, int seconds, CancellationToken cancel)
    {
        var folder = data ?? new DataFolder(null).In("demo");
        await EmptyAsync(folder);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, Marker), "Made by the demo, and deleted by the next one.\n", cancel);
        Console.WriteLine("Starting a fresh grid on the embedded database...");
        var url = $"http://127.0.0.1:{new DataFolder(folder).PortFrom(26_000, 1_000, IPAddress.Loopback)}";
        string[] settings = [$"--Notices:SurveyUrl={url}", "--Surveys:PaymentsPerMille=0"];
        await using var host = await GridHost.StartAsync(new StartOptions(folder, url, settings, Quiet: true), Console.WriteLine);
        using var admin = new GridClient(host.Url, host.AdministratorKey);
        var notices = Path.Combine(host.Data.In(new GridOptions().NoticeFolder), "notices.ndjson");
        var world = new DemoWorld(admin, notices, TimeProvider.System);
        Console.WriteLine($"Opening {DemoWorld.Accounts} accounts...");
        await world.BuildAsync();
        await ShowAsync(world.RunAsync(seconds, cancel).WaitAsync(cancel), world, admin);
        var done = new List<string>();
        await foreach (var line in new DemoOffice(host, admin, TimeProvider.System).RunAsync())
        {
            done.Add(line);
        }

        // For this folder alone, and new each time.
        var password = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
        await admin.RegisterAsync("/v1/operators", new CreateOperatorRequest(Operator, "administrator", password));
        Console.WriteLine("Auditing the books...");
        await admin.PostAsync<object>("/v1/operations/checkpoint", new { });
        var report = await new Auditor(host.Services.GetRequiredService<AccountGrid.Streams.Postgres.LogServers>()).RunAsync();
        Console.WriteLine();
        Console.WriteLine(
            $"{world.Readings} readings acknowledged, {report.Readings} applied; {world.Warnings} warnings, {world.TopUps} top-ups; "
                + $"{report.Differences.Count} differences in the books.");
        report.Differences.ForEach(d => Console.WriteLine($"  {d}"));
        done.ForEach(Console.WriteLine);
        Console.WriteLine($"Warnings as delivered:   {notices}");
        Console.WriteLine(
            $"To look around:          dotnet run -c Release --project src/AccountGrid.Host -- serve --data {host.Data.Root}   "
                + $"then {GridHost.DefaultUrl}/docs");
        Console.WriteLine($"with the key in          {host.Data.AdministratorKey}   for example GET /v1/accounts/001/explain");
        Console.WriteLine($"In the console:          {GridHost.DefaultUrl}/console   signed in as {Operator} with the password {password}");
        return report.Differences.Count == 0 && world.Warnings > 0 && world.TopUps > 0 ? 0 : 1;
    }

    private static async Task EmptyAsync(string folder)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            return;
        }

        if (!File.Exists(Path.Combine(folder, Marker)))
        {
            throw new StartException($"{folder} is not empty and no earlier demo's; the demo deletes what it finds. Choose another folder with --data.");
        }

        using (new DataFolder(folder).Hold())
        {
            // Nobody else works in it.
        }

        if (await EmbeddedPostgres.FindRunningAsync(new DataFolder(folder)) is { } running)
        {
            await running.StopAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task ShowAsync(Task run, DemoWorld world, GridClient admin)
    {
        if (Console.IsOutputRedirected)
        {
            while (!run.IsCompleted)
            {
                await Task.WhenAny(run, Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System));
                Console.WriteLine($"{world.SimulatedNow:yyyy-MM-dd HH:mm}Z  {world.Readings} readings  {world.Warnings} warnings  {world.TopUps} top-ups");
            }

            await run;
            return;
        }

        await AnsiConsole.Live(new Table()).StartAsync(async live =>
        {
            while (!run.IsCompleted)
            {
                live.UpdateTarget(await TableAsync(world, admin));
                await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System));
            }

            await run;
        });
    }

    private static async Task<Table> TableAsync(DemoWorld world, GridClient admin)
    {
        var table =
            new Table().Title($"{world.SimulatedNow:yyyy-MM-dd HH:mm} UTC   {world.Readings} readings   {world.Warnings} warnings   {world.TopUps} top-ups");
        table.AddColumns("Account", "Balance (CNY)", "Register (kWh)", "Last event");
        for (var n = 1; n <= Watched; n++)
        {
            var id = DemoWorld.AccountId(n);
            var balance = await admin.GetAsync<BalanceAnswer>($"/v1/accounts/{id}/balance");
            var amount = decimal.Parse(balance.Amount, CultureInfo.InvariantCulture);
            var colour = amount < 3 ? "red" : amount < 10 ? "yellow" : "green";
            table.AddRow(
                id, $"[{colour}]{amount:0.00}[/]", $"{balance.Meters[0].RegisterWh / 1000m:0.000}", Markup.Escape(world.LastEvent(id)));
        }

        return table;
    }
}
