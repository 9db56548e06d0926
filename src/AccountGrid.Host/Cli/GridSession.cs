using AccountGrid.Host.Client;
using AccountGrid.Host.Database;
using AccountGrid.Host.Hosting;

namespace AccountGrid.Host.Cli;

/// <summary>The grid that a verb works on: one that runs, or one started for as long as the verb takes.</summary>
public sealed class GridSession : IAsyncDisposable
{
    private readonly GridHost? _host;

    private GridSession(GridClient client, GridHost? host, DataFolder data)
    {
        Client = client;
        _host = host;
        Data = data;
    }

    public GridClient Client { get; }

    public DataFolder Data { get; }

    /// <summary>Finds the grid at <paramref name="url"/>; where none answers and no address was asked for, starts one on the data folder.</summary>
    public static async Task<GridSession> OpenAsync(string? dataFolder, string? url, string? key, Action<string> say)
    {
        var data = new DataFolder(dataFolder);
        var known = url ?? (File.Exists(data.Address) ? (await File.ReadAllTextAsync(data.Address)).Trim() : GridHost.DefaultUrl);
        using (var probe = new GridClient(known, null))
        {
            if (await probe.IsLiveAsync())
            {
                key ??= File.Exists(data.AdministratorKey) ? (await File.ReadAllTextAsync(data.AdministratorKey)).Trim() : null;
                return key is null
                    ? throw new StartException($"No key: give --key, or --data with the folder whose administrator.key fits the grid at {probe.Url}.")
                    : new GridSession(new GridClient(probe.Url, key), null, data);
            }
        }

        if (url is not null)
        {
            throw new StartException($"No grid answers at {url}.");
        }

        say($"No grid answers at {known}: starting one for this.");
        var host = await GridHost.StartAsync(new StartOptions(dataFolder, "http://127.0.0.1:0", Quiet: true), say);
        return new GridSession(new GridClient(host.Url, host.AdministratorKey), host, host.Data);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
