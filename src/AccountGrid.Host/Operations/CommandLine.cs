using System.CommandLine;
using AccountGrid.Host.Storage;

namespace AccountGrid.Host.Operations;

/// <summary>The program's verbs.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var data = new Option<string?>("--data") { Description = "Data folder. Default: /var/lib/accountgrid as root, else the XDG data folder.", Recursive = true };
        var urls = new Option<string?>("--urls") { Description = $"Address of the API. Default: {GridHost.DefaultUrl}." };
        var root = new RootCommand("AccountGrid: live balances of electricity accounts, exact to the last unit. Without a verb it serves.") { data, urls };
        root.TreatUnmatchedTokensAsErrors = true;

        var serve = new Command("serve", "Starts the grid: its database (unless ConnectionStrings__AccountGrid names one), a silo and the API.") { urls };
        serve.SetAction(parsed => ServeAsync(new StartOptions(parsed.GetValue(data), parsed.GetValue(urls))));
        root.SetAction(parsed => ServeAsync(new StartOptions(parsed.GetValue(data), parsed.GetValue(urls))));
        root.Add(serve);
        return await root.Parse(args).InvokeAsync();
    }

    private static async Task<int> ServeAsync(StartOptions start)
    {
        try
        {
            await using var host = await GridHost.StartAsync(start, Console.WriteLine);
            Console.WriteLine($"AccountGrid serves at   {host.Url}   (API described at {host.Url}/docs)");
            Console.WriteLine($"Data folder             {host.Data.Root}");
            Console.WriteLine($"Administrator's key in  {host.Data.AdministratorKey}");
            Console.WriteLine("Stop with Ctrl-C.");
            await host.WaitForShutdownAsync();
            return 0;
        }
        catch (StartException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }
}
